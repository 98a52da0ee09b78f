# SPDX-License-Identifier: GPL-2.0
"""Kernels: reads kernels.txt, downloads and unpacks what it names.

Nothing is installed: image, modules, headers and kbuild of one exact version
are unpacked side by side in the cache, which survives clones.
"""

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import kernel_build
from common import CACHE, HarnessError, locked, note, run

TABLE = Path(__file__).with_name("kernels.txt")
DEFAULT = "6.12"


@dataclass(frozen=True)
class Kernel:
    """One unpacked kernel; every path is absolute."""
    name: str
    features: tuple
    tree: Path

    @property
    def release(self):
        (image,) = (self.tree / "boot").glob("vmlinuz-*")
        return image.name.removeprefix("vmlinuz-")

    @property
    def image(self):
        return self.tree / "boot" / f"vmlinuz-{self.release}"

    @property
    def modules(self):
        return _usr_merged(self.tree, "lib/modules") / self.release

    @property
    def headers(self):
        return self.tree / "usr/src" / f"linux-headers-{self.release}"


@dataclass(frozen=True)
class Row:
    """One line of kernels.txt."""
    name: str
    how: str
    origin: tuple
    features: tuple


def table():
    rows = {}
    for line in TABLE.read_text().splitlines():
        words = line.split("#")[0].split()
        if words:
            name, how, origin, features = words
            rows[name] = Row(name, how, tuple(origin.split(",")),
                             tuple(features.split(",")))
    return rows


def find(name):
    """The kernel of that name; fetched and unpacked if it is not there."""
    rows = table()
    if name not in rows:
        raise HarnessError(f"kernel '{name}': not in tests/vm/kernels.txt, "
                           f"which has {', '.join(rows)}")
    row = rows[name]
    tree = CACHE / "kernels" / name
    if not tree.exists():
        with locked(CACHE / "kernels" / f"{name}.lock"):
            if not tree.exists():
                _FETCH[row.how](row, tree)
    return Kernel(name, row.features, tree)


def _usr_merged(tree, path):
    return tree / "usr" / path if (tree / "usr" / path).exists() else tree / path


def _apt_show(package):
    result = subprocess.run(["apt-cache", "show", "--no-all-versions", package],
                            capture_output=True, text=True, check=False)
    return dict(line.split(": ", 1) for line in result.stdout.splitlines()
                if ": " in line and not line.startswith(" "))


def _candidates(package):
    """Every version apt knows of a package, newest first."""
    result = subprocess.run(["apt-cache", "madison", package],
                            capture_output=True, text=True, check=False)
    lines = [line.split("|") for line in result.stdout.splitlines()]
    return [words[1].strip() for words in lines if "Packages" in words[2]]


def _resolve(row):
    """The real image package behind a meta package, and its version."""
    for meta in row.origin:
        for version in _candidates(meta):
            if not version.startswith(row.name + "."):
                continue
            depends = _apt_show(f"{meta}={version}").get("Depends", "")
            found = re.search(r"linux-image-(\S+-amd64) \(= (\S+)\)", depends)
            if found:
                return found.groups()
    raise HarnessError(f"kernel '{row.name}': apt knows none of "
                       f"{', '.join(row.origin)} in a {row.name} version; "
                       "run 'apt-get update' and look at the apt sources")


def _fetch_apt(row, tree):
    release, version = _resolve(row)
    common = release.removesuffix("-amd64")
    note(f"kernel '{row.name}': unpacking Debian's {release} ({version})")
    download([f"linux-image-{release}", f"linux-headers-{release}",
              f"linux-headers-{common}-common", f"linux-kbuild-{common}"],
             version, tree)


def download(packages, version, tree):
    """Unpacks packages of one version into tree, all of them or none."""
    tree.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=tree.parent) as work:
        os.chmod(work, 0o755)  # apt downloads as its own user
        run(["apt-get", "download", "-q",
             *(f"{package}={version}" for package in packages)],
            f"downloading {', '.join(packages)}", cwd=work)
        staged = Path(work) / "tree"
        for archive in Path(work).glob("*.deb"):
            run(["dpkg-deb", "-x", archive, staged], f"unpacking {archive.name}")
        _relocate(staged, tree)
        (release,) = os.listdir(_usr_merged(staged, "lib/modules"))
        base = staged / "usr" if (staged / "usr/lib/modules").exists() else staged
        _depmod(base, release)
        staged.rename(tree)


def _depmod(base, release):
    run(["depmod", "-b", base, release], f"depmod for {release}",
        env={**os.environ, "PATH": f"/usr/sbin:/sbin:{os.environ['PATH']}"})


def _relocate(staged, tree):
    """Points the headers' one absolute path at where they are unpacked."""
    for makefile in staged.glob("usr/src/linux-headers-*/Makefile"):
        if makefile.stat().st_size < 1000:
            text = makefile.read_text().replace("/usr/src/", f"{tree}/usr/src/")
            makefile.write_text(text)
    for link in staged.glob("**/lib/modules/*/build"):
        link.unlink()


def remove(name):
    shutil.rmtree(CACHE / "kernels" / name, ignore_errors=True)


_FETCH = {"apt": _fetch_apt, "source": kernel_build.fetch}
