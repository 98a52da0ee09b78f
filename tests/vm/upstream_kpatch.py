# SPDX-License-Identifier: GPL-2.0
"""The kpatch program, a script: this machine's, or that of Debian 13's package.

Debian 12 has no such package. Nothing is installed, and apt's own lists stay as
they are.
"""

import shutil
import tempfile
from pathlib import Path

import packages
from common import CACHE, locked, note, run

_SUITE = "trixie"
_SCRIPT = "usr/sbin/kpatch"


def _fetch(target):
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        work = Path(name)
        for directory in ("state/lists/partial", "cache/archives/partial", "sources"):
            (work / directory).mkdir(parents=True)
        suffix, entry = packages.mirror_entry(_SUITE)
        (work / f"sources/mirror{suffix}").write_text(f"{entry}\n", encoding="utf-8")
        options = [
            "-q",
            "-o",
            f"Dir::State={work}/state",
            "-o",
            f"Dir::Cache={work}/cache",
            "-o",
            "Dir::Etc::sourcelist=/dev/null",
            "-o",
            f"Dir::Etc::sourceparts={work}/sources",
            "-o",
            "Acquire::Languages=none",
            "-o",
            "APT::Sandbox::User=root",
        ]
        note(f"fetching kpatch from {_SUITE}, once")
        run(["apt-get", *options, "update"], f"the package list of {_SUITE}")
        run(["apt-get", *options, "download", "kpatch"], "downloading kpatch", cwd=work)
        (package,) = work.glob("*.deb")
        run(["dpkg-deb", "-x", package, work / "tree"], f"unpacking {package.name}")
        (work / "tree" / _SCRIPT).rename(target)


def program():
    installed = shutil.which("kpatch")
    if installed:
        return Path(installed)
    target = CACHE / "upstream/kpatch"
    with locked(target.with_suffix(".lock")):
        if not target.exists():
            _fetch(target)
    return target
