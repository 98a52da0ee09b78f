# SPDX-License-Identifier: GPL-2.0
"""The kernel's own checkpatch.pl on the C files that are of the kernel's style.

Debian has it in the kernel's source package only; the script is taken from
there once and kept in the cache.
"""

import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/vm"))
import kernels  # noqa: E402
from common import CACHE, HarnessError, locked, note, run  # noqa: E402

CHECKED = re.compile(r"(kmod|include|bpf)/.*\.[ch]")
FILES = ("checkpatch.pl", "spelling.txt", "const_structs.checkpatch")
IGNORED = {
    "LINUX_VERSION_CODE": "one source is for several kernels; compat.h has the tests",
    "CONSTANT_COMPARISON": "takes KERNEL_VERSION() on the right for the left",
    "VOLATILE": "settings of BPF programs are const volatile, as libbpf wants",
    "ARRAY_SIZE": "headers that user space includes have no ARRAY_SIZE",
    "PREFER_DEFINED_ATTRIBUTE_MACRO": "C++ includes rules.h and has no such macro",
    # Macros that are a loop, a list of arguments or a table of declarations:
    "COMPLEX_MACRO": "parentheses are for expressions",
    "MULTISTATEMENT_MACRO_USE_DO_WHILE": "do while is for statements",
    "TRAILING_SEMICOLON": "a declaration ends with one",
    "MACRO_ARG_UNUSED": "each use of a table takes the columns that it needs",
}
# What is so in one file only: (file, type) -> why.
EXPECTED = {
    ("kmod/pending.h", "MEMORY_BARRIER"): "the comment is above the function",
    ("kmod/records.h", "BRACES"): "an empty branch keeps a loop's else its own",
    ("kmod/requests.c", "UNNECESSARY_ELSE"): "one chain of cases, some of which return",
    ("kmod/stubs.c", "AVOID_EXTERNS"): "a symbol of assembly that one file uses",
    ("kmod/symbols.h", "SPACING"): "takes the pointer types of a table for products",
    ("kmod/sysfs.c", "CONST_STRUCT"): "written once, by an init function",
}
_FINDING = re.compile(r"(\S+?):\d+: \w+:(\w+):")


def fetch(directory):
    """Puts the script and the lists that it reads into directory."""
    (package,) = kernels.table()["debug"].origin
    note(f"checkpatch: taking it from Debian's {package}; this takes a while, once")
    with tempfile.TemporaryDirectory(dir=directory.parent) as name:
        work = Path(name)
        work.chmod(0o755)  # apt downloads as its own user
        run(["apt-get", "download", "-q", package], f"downloading {package}", cwd=work)
        (archive,) = work.glob("*.deb")
        run(["dpkg-deb", "-x", archive, work / "package"], f"unpacking {package}")
        (tarball,) = (work / "package/usr/src").glob("linux-source-*.tar.xz")
        names = [f"{tarball.name.removesuffix('.tar.xz')}/scripts/{one}" for one in FILES]
        (work / "scripts").mkdir()
        run(
            ["tar", "-xf", tarball, "-C", work / "scripts", "--strip-components=2"]
            + ["--occurrence=1", *names],
            "unpacking checkpatch.pl",
        )
        (work / "scripts").rename(directory)


def script():
    """The path of checkpatch.pl, which is fetched if it is missing."""
    directory = CACHE / "checkpatch"
    if not directory.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with locked(CACHE / "checkpatch.lock"):
            if not directory.exists():
                fetch(directory)
    return directory / FILES[0]


def check_checkpatch(names, root=ROOT):
    """Takes the repository's files; yields what checkpatch.pl says of them."""
    checked = [name for name in names if CHECKED.fullmatch(name)]
    if not checked:
        return
    try:
        program = str(script())
    except HarnessError as error:
        yield f"checkpatch.pl:1: {error}"
        return
    half = (len(checked) + 1) // 2  # two processes, since one takes half a minute
    with ThreadPoolExecutor(2) as pool:
        runs = pool.map(
            lambda part: _run(program, part, root),
            [part for part in (checked[:half], checked[half:]) if part],
        )
        for lines in runs:
            yield from lines


def _run(program, checked, root):
    found = subprocess.run(
        ["perl", program, "--no-tree", "--no-summary", "--terse", "--show-types"]
        + ["--ignore", ",".join(IGNORED), "-f", *checked],
        cwd=root,
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if found.returncode and not found.stdout:
        return [f"checkpatch.pl:1: failed with status {found.returncode}"]
    return [line for line in found.stdout.splitlines() if not is_expected(line)]


def is_expected(line):
    """Whether a line of checkpatch.pl is in the table EXPECTED."""
    match = _FINDING.match(line)
    return bool(match) and match.groups() in EXPECTED
