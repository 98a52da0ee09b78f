# SPDX-License-Identifier: GPL-2.0
"""Finds kernel splats in a console log.

splats.deny defines what is a splat; splats.allow has the exceptions, each with
its reason. A log that cannot be judged is an error, never a clean result.
"""

import re
from pathlib import Path

from common import HarnessError, main

HERE = Path(__file__).parent
LINES_SHOWN = 60
BOOT_LINE = re.compile(r"Linux version \d")
CODE_LINE = re.compile(r"Code: .*\b([0-9a-f]{2}) <[0-9a-f]{2}>")
# A line that begins with the name of a process, which a process can choose:
# "BUG: fake[123]: segfault at 8 ip ...". None of the kernel's own complaints
# has a number in brackets so early ("Oops: 0000 [#1]").
NAMED_LINE = re.compile(
    r"(?:\[ *\d+\.\d+\](?:\[ *[CT]\d+\])? )?"
    r".{1,15}\[\d+\]:? "
)
END_LINE = re.compile(r"---\[ end |Rebooting in|reboot: ")


def _patterns(path):
    lines = [line.strip() for line in path.read_text().splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    try:
        return re.compile("|".join(f"(?:{line})" for line in lines) or r"(?!)")
    except re.error as error:
        raise HarnessError(f"{path}: {error}") from error


def _search(log):
    """(lines before it, the lines to show) of each splat in a log's text."""
    deny = _patterns(HERE / "splats.deny")
    allow = _patterns(HERE / "splats.allow")
    lines = log.replace("\r", "").splitlines()
    if not any(BOOT_LINE.search(line) for line in lines):
        raise HarnessError("kernel log: does not hold a boot, cannot be judged")
    after = 0
    for index, line in enumerate(lines):
        if index < after or NAMED_LINE.match(line) or not deny.search(line) or allow.search(line):
            continue
        after = _end(lines, index)
        yield lines[:index], lines[index:after]


def find(log):
    """The splats in the text of a log, each as the lines to show."""
    return [splat for _, splat in _search(log)]


def by_marker(log, marker):
    """The splats by the last capture of marker before them; "" at first."""
    found = {}
    for before, splat in _search(log):
        marks = marker.findall("\n".join(before))
        found.setdefault(marks[-1] if marks else "", []).append(splat)
    return found


def take(found, expected):
    """Removes a splat of found for each pattern; returns those without one."""
    missing = []
    for pattern in expected:
        match = next((splat for splat in found if re.search(pattern, splat[0])), None)
        if match:
            found.remove(match)
        else:
            missing.append(pattern)
    return missing


def _end(lines, start):
    for index in range(start, min(start + LINES_SHOWN, len(lines))):
        if END_LINE.search(lines[index]):
            return index + 1
    return min(start + LINES_SHOWN, len(lines))


def is_emulator_fault(splat):
    """Whether a CPU trapped on an int3 that memory no longer holds.

    QEMU's multi-threaded TCG can translate an instruction while another CPU
    is patching it, and run the stale translation after the patching is over;
    seen with 10.0 on an overloaded host. A real stray int3 is still there in
    the Code line, before the byte in brackets.
    """
    code = next(filter(None, map(CODE_LINE.search, splat)), None)
    return "Oops: int3" in splat[0] and code is not None and code.group(1) != "cc"


def report(path):
    """The splats of a log file."""
    try:
        return find(Path(path).read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        raise HarnessError(f"kernel log: {error}") from error


def as_text(found):
    return "\n\n".join("\n".join(splat) for splat in found)


def splats(arguments):
    found = [splat for path in arguments for splat in report(path)]
    if found:
        print(as_text(found))
    return 1 if found else 0


if __name__ == "__main__":
    main(splats)
