# SPDX-License-Identifier: GPL-2.0
"""Kernels: reads kernels.txt, and has each kernel unpacked where it is used.

Nothing is installed: image, modules, headers and kbuild of one exact version
lie side by side in the cache, which survives clones. The kernel of this machine
is different: only modules are built for it, with the headers that it has.
"""

import platform
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import kernel_build
import kernel_debian
from common import CACHE, HarnessError, locked

TABLE = Path(__file__).with_name("kernels.txt")
DEFAULT = "6.12"


@dataclass(frozen=True)
class Kernel:
    """One unpacked kernel; every path is absolute."""

    name: str
    features: tuple
    tree: Path

    @property
    def _all_modules(self):
        merged = self.tree / "usr/lib/modules"
        return merged if merged.exists() else self.tree / "lib/modules"

    @property
    def release(self):
        (directory,) = self._all_modules.iterdir()
        return directory.name

    @property
    def modules(self):
        return self._all_modules / self.release

    @property
    def image(self):
        """In /boot, or since 7.x beside the modules."""
        beside = self.modules / "vmlinuz"
        in_boot = self.tree / "boot" / f"vmlinuz-{self.release}"
        return beside if beside.exists() else in_boot

    @property
    def headers(self):
        return self.tree / "usr/src" / f"linux-headers-{self.release}"

    @property
    def chroot(self):
        """The chroot in which its modules must be built, if any."""
        link = self.tree / "chroot"
        return link.resolve() if link.exists() else None


RUNNING = "running"


@dataclass(frozen=True)
class RunningKernel:
    """As much of Kernel as building modules needs."""

    name: str = RUNNING
    release: str = platform.release()
    chroot: Path | None = None

    @property
    def headers(self):
        return Path("/lib/modules") / self.release / "build"


def running():
    """The kernel of this machine, if modules can be built for it."""
    kernel = RunningKernel()
    if not (kernel.headers / "Makefile").exists():
        raise HarnessError(
            f"kernel {kernel.release}: {kernel.headers} has no "
            f"headers; install linux-headers-{kernel.release}"
        )
    return kernel


class Row(NamedTuple):
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
            rows[name] = Row(name, how, tuple(origin.split(",")), tuple(features.split(",")))
    return rows


def find(name):
    """The kernel of that name, which is fetched and unpacked if missing."""
    rows = table()
    if name not in rows:
        raise HarnessError(
            f"kernel '{name}': not in tests/vm/kernels.txt, which has {', '.join(rows)}"
        )
    row = rows[name]
    recipe = f"-{kernel_build.recipe()}" if row.how == "source" else ""
    tree = CACHE / "kernels" / f"{name}{recipe}"
    if not tree.exists():
        with locked(CACHE / "kernels" / f"{name}.lock"):
            if not tree.exists():
                _FETCH[row.how](row, tree)
    return Kernel(name, row.features, tree)


_FETCH = {
    "apt": kernel_debian.fetch,
    "chroot": kernel_debian.fetch_in_chroot,
    "source": kernel_build.fetch,
}
