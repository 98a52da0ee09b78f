# SPDX-License-Identifier: GPL-2.0
"""The programs and libraries that guests open very often.

Each open of a host's file takes milliseconds in a guest without KVM, and a
program has dozens of libraries. So these are copied into its memory at boot.
"""

import functools
import re
import shutil
import stat
import subprocess
from pathlib import Path

from common import BUILD

_PROGRAMS = (
    "awk",
    "bash",
    "basename",
    "cat",
    "chmod",
    "cp",
    "cut",
    "date",
    "dirname",
    "env",
    "expr",
    "grep",
    "head",
    "id",
    "insmod",
    "jq",
    "kill",
    "ls",
    "mkdir",
    "mktemp",
    "modprobe",
    "mv",
    "pgrep",
    "pkill",
    "ps",
    "readlink",
    "rm",
    "rmmod",
    "sed",
    "seq",
    "setsid",
    "sh",
    "sleep",
    "sort",
    "stat",
    "stdbuf",
    "tail",
    "tee",
    "timeout",
    "touch",
    "tr",
    "true",
    "uname",
    "uniq",
    "wc",
)
_LIBRARY = re.compile(r"(/\S+) \(0x")
_LARGEST_BYTES = 4 << 20  # ICU's data is larger, and hardly read


def _libraries(program):
    result = subprocess.run(
        ["ldd", str(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    return {Path(path) for path in _LIBRARY.findall(result.stdout)}


def _chain(path):
    """A path with its directories resolved, and the targets of its links."""
    while True:
        path = path.parent.resolve() / path.name
        yield path
        if not path.is_symlink():
            return
        path = path.parent / path.readlink()


def _files():
    programs = {
        Path(found)
        for name in _PROGRAMS
        if (found := shutil.which(name, path="/usr/sbin:/usr/bin"))
    }
    controllers = {
        path
        for path in (BUILD / "controller/klp-controller", BUILD / "demo/controller/klp-controller")
        if path.exists()
    }
    wanted = set(programs)
    for program in programs | controllers:
        wanted |= _libraries(program)
    return sorted({link for path in wanted for link in _chain(path)})


@functools.cache  # once for all the boots of a run
def entries():
    """(name below the root, mode, content) of each, directories first."""
    found, directories = [], set()
    for path in _files():
        status = path.lstat()
        if status.st_size > _LARGEST_BYTES:
            continue
        directories |= set(path.parents)
        content = (
            str(path.readlink()).encode() if stat.S_ISLNK(status.st_mode) else path.read_bytes()
        )
        found.append((str(path)[1:], status.st_mode, content))
    directories.discard(Path("/"))
    return [(str(path)[1:], path.stat().st_mode, b"") for path in sorted(directories)] + found
