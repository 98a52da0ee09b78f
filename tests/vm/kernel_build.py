# SPDX-License-Identifier: GPL-2.0
"""Builds a kernel from Debian's source package with debug.config.

Lays it out like an unpacked Debian package, so that the rest of the harness
need not know the difference. Takes about ten minutes, once.
"""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import packages
from common import HarnessError, note, run

CONFIG = Path(__file__).with_name("debug.config")
PACKAGES = ("bc", "bison", "flex", "libelf-dev", "libssl-dev", "pahole")
_KEPT = {".config", "Makefile", "Module.symvers", "arch", "include", "scripts", "tools", "vmlinux"}
_JOBS = f"-j{os.cpu_count()}"


def recipe():
    """Part of the name of the cached kernel: another config, another kernel."""
    return hashlib.sha256(CONFIG.read_bytes()).hexdigest()[:8]


def fetch(row, tree):
    """Builds row's kernel into tree."""
    packages.require(dict.fromkeys(PACKAGES, ""))
    (package,) = row.origin
    note(f"kernel '{row.name}': building {package}; this takes a while, once")
    tree.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=tree.parent) as work:
        os.chmod(work, 0o755)
        source = _source(package, Path(work))
        _configure(source)
        for target in ("bzImage", "modules"):
            _make(source, target)
        staged = Path(work) / "tree"
        _install(source, staged)
        staged.rename(tree)


def _source(package, work):
    run(["apt-get", "download", "-q", package], f"downloading {package}", cwd=work)
    (archive,) = work.glob("*.deb")
    run(["dpkg-deb", "-x", archive, work / "package"], f"unpacking {package}")
    (tarball,) = (work / "package/usr/src").glob("linux-source-*.tar.xz")
    run(["tar", "-xf", tarball, "-C", work], f"unpacking {tarball.name}")
    return work / tarball.name.removesuffix(".tar.xz")


def _make(source, *targets, **options):
    return run(
        ["nice", "make", "-C", source, _JOBS, "-s", *targets],
        f"kernel {' '.join(str(target) for target in targets)}",
        **options,
    )


def _configure(source):
    """Merges defconfig, kvm_guest and ours; fails if a setting is dropped."""
    _make(source, "x86_64_defconfig", "kvm_guest.config")
    config = source / ".config"
    with config.open("a", encoding="utf-8") as handle:
        handle.write(CONFIG.read_text(encoding="utf-8"))
    _make(source, "olddefconfig")
    have = set(config.read_text(encoding="utf-8").splitlines())
    lost = [
        line
        for line in _wanted()
        if line not in have
        and not (
            line.endswith("is not set")
            and not any(one.startswith(line[2:].split()[0] + "=") for one in have)
        )
    ]
    if lost:
        raise HarnessError(f"debug.config: the kernel did not take {lost}")


def _wanted():
    for line in CONFIG.read_text(encoding="utf-8").splitlines():
        if line.startswith("CONFIG_") or line.endswith("is not set"):
            yield line


def _install(source, staged):
    release = (source / "include/config/kernel.release").read_text().strip()
    (staged / "boot").mkdir(parents=True)
    shutil.copy2(source / "arch/x86/boot/bzImage", staged / "boot" / f"vmlinuz-{release}")
    shutil.copy2(source / ".config", staged / "boot" / f"config-{release}")
    _make(source, "modules_install", f"INSTALL_MOD_PATH={staged}", "INSTALL_MOD_STRIP=1")
    (staged / "lib/modules" / release / "build").unlink(missing_ok=True)
    _prune(source)
    headers = staged / "usr/src" / f"linux-headers-{release}"
    headers.parent.mkdir(parents=True)
    source.rename(headers)


def _prune(source):
    """Keeps what external modules need to build; of vmlinux, only the BTF."""
    run(
        [
            "objcopy",
            "--only-section=.BTF",
            "--set-section-flags",
            ".BTF=alloc,readonly",
            source / "vmlinux",
            source / "vmlinux.btf",
        ],
        "taking the BTF from vmlinux",
    )
    (source / "vmlinux.btf").replace(source / "vmlinux")
    _keep(source, _KEPT)
    _keep(source / "arch", {"x86"})
    for path in (source / "arch").rglob("*.[oa]"):
        path.unlink()


def _keep(directory, names):
    for path in directory.iterdir():
        if path.name in names:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
