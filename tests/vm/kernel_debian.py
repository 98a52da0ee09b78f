# SPDX-License-Identifier: GPL-2.0
"""Kernels from Debian's packages: found with apt, unpacked, not installed.

A kernel newer than this Debian comes from a chroot of the Debian it belongs
to, in which its modules are built too.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import packages
from common import CACHE, HarnessError, note, run

_CHROOT_TOOLS = "gcc,make,libelf1,pahole,kmod,ca-certificates"
_DOWNLOAD = """
set -e
rm -rf /var/tmp/klpx && mkdir -m 755 /var/tmp/klpx && cd /var/tmp/klpx
apt-get download -qq -o APT::Sandbox::User=root "$@"
"""


def _apt(chroot, *command):
    prefix = [*packages.root_prefix(), "chroot", chroot] if chroot else []
    return subprocess.run([*prefix, *command], capture_output=True, text=True, check=False).stdout


def _candidates(package, chroot):
    """Every version apt knows of a package, newest first."""
    lines = [line.split("|") for line in _apt(chroot, "apt-cache", "madison", package).splitlines()]
    return [words[1].strip() for words in lines if "Packages" in words[2]]


def _resolve(name, metas, chroot):
    """The real image package behind a meta package, and its version."""
    for meta in metas:
        for version in _candidates(meta, chroot):
            if not version.startswith(name + "."):
                continue
            shown = _apt(chroot, "apt-cache", "show", f"{meta}={version}")
            found = re.search(
                r"^Depends:.*\blinux-image-(\S+-amd64) \(= (\S+)\)", shown, re.MULTILINE
            )
            if found:
                return found.groups()
    raise HarnessError(
        f"kernel '{name}': apt knows none of "
        f"{', '.join(metas)} in a {name} version; "
        "run 'apt-get update' and look at the apt sources"
    )


def _image_packages(release, version, chroot):
    """The image package; newer ones only depend on those with the files."""
    image = f"linux-image-{release}"
    shown = _apt(chroot, "apt-cache", "show", f"{image}={version}")
    depends = re.search(r"^Depends: (.*)$", shown, re.MULTILINE).group(1)
    parts = re.findall(rf"linux-(?:base|binary|modules)-{re.escape(release)}", depends)
    return [image, *parts]


def fetch(row, tree, chroot=None):
    release, version = _resolve(row.name, row.origin, chroot)
    common = release.removesuffix("-amd64")
    note(f"kernel '{row.name}': unpacking Debian's {release} ({version})")
    names = [
        *_image_packages(release, version, chroot),
        f"linux-headers-{release}",
        f"linux-headers-{common}-common",
        f"linux-kbuild-{common}",
    ]
    _unpack([f"{name}={version}" for name in names], tree, chroot)


def fetch_in_chroot(row, tree):
    """The same, from the backports suite of another Debian release."""
    codename = row.origin[0]
    chroot = CACHE / "chroots" / codename
    if not chroot.exists():
        _make_chroot(codename, chroot)
    packages.as_root("chroot", str(chroot), "apt-get", "update", "-qq")
    fetch(row._replace(origin=row.origin[1:]), tree, chroot)


def _make_chroot(codename, chroot):
    """Makes it in another directory and moves it: it is complete or absent."""
    packages.require({"mmdebstrap": ""})
    note(f"making a {codename} chroot with mmdebstrap")
    chroot.parent.mkdir(parents=True, exist_ok=True)
    suffix, entry = packages.mirror_entry(codename, f"{codename}-backports")
    with tempfile.TemporaryDirectory(dir=chroot.parent) as work:
        os.chmod(work, 0o755)
        source = Path(work) / f"mirror{suffix}"
        source.write_text(entry + "\n", encoding="utf-8")
        packages.as_root(
            "mmdebstrap",
            "--mode=root",
            "--variant=apt",
            "-q",
            f"--include={_CHROOT_TOOLS}",
            codename,
            f"{work}/root",
            str(source),
        )
        packages.as_root("mv", f"{work}/root", str(chroot))


def _download(specs, work, chroot):
    what = f"downloading {', '.join(specs)}"
    if not chroot:
        run(["apt-get", "download", "-q", *specs], what, cwd=work)
        return
    packages.as_root("chroot", str(chroot), "sh", "-c", _DOWNLOAD, "sh", *specs)
    for archive in (chroot / "var/tmp/klpx").glob("*.deb"):
        shutil.copy(archive, work)
    packages.as_root("rm", "-r", f"{chroot}/var/tmp/klpx")


def _unpack(specs, tree, chroot):
    """Unpacks packages into tree, all of them or none."""
    tree.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=tree.parent) as work:
        os.chmod(work, 0o755)  # apt downloads as its own user
        _download(specs, work, chroot)
        staged = Path(work) / "tree"
        for archive in Path(work).glob("*.deb"):
            run(["dpkg-deb", "-x", archive, staged], f"unpacking {archive.name}")
        _relocate(staged, tree)
        _depmod(staged)
        if chroot:
            (staged / "chroot").symlink_to(chroot)
        staged.rename(tree)


def _depmod(staged):
    base = staged / "usr" if (staged / "usr/lib/modules").exists() else staged
    (release,) = os.listdir(base / "lib/modules")
    run(["/sbin/depmod", "-b", base, release], f"depmod for {release}")


def _relocate(staged, tree):
    """Points the headers' absolute paths at where they are unpacked."""
    for makefile in staged.glob("usr/src/linux-headers-*/Makefile"):
        text = makefile.read_text(encoding="utf-8")
        if re.search(r"^include /usr/src/", text, re.MULTILINE):
            makefile.write_text(text.replace("/usr/src/", f"{tree}/usr/src/"))
    for name in ("build", "source"):
        for link in staged.glob(f"**/lib/modules/*/{name}"):
            link.unlink()
