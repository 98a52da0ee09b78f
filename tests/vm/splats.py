# SPDX-License-Identifier: GPL-2.0
"""Finds kernel splats in a console log.

What counts is in splats.deny; splats.allow holds the exceptions, each with
its reason. A log that cannot be judged is an error, never a clean result.
"""

import re
import sys
from pathlib import Path

from common import HarnessError, main

HERE = Path(__file__).parent
LINES_SHOWN = 60
BOOT_LINE = re.compile(r"Linux version \d")
END_LINE = re.compile(r"---\[ end |Rebooting in|reboot: ")


def _patterns(path):
    lines = [line.strip() for line in path.read_text().splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    try:
        return re.compile("|".join(f"(?:{line})" for line in lines) or r"(?!)")
    except re.error as error:
        raise HarnessError(f"{path}: {error}") from error


def find(log):
    """The splats in the text of a log, each as the lines to show."""
    deny = _patterns(HERE / "splats.deny")
    allow = _patterns(HERE / "splats.allow")
    lines = log.replace("\r", "").splitlines()
    if not any(BOOT_LINE.search(line) for line in lines):
        raise HarnessError("kernel log: does not hold a boot, cannot be judged")
    splats, after = [], 0
    for index, line in enumerate(lines):
        if index < after or not deny.search(line) or allow.search(line):
            continue
        after = _end(lines, index)
        splats.append(lines[index:after])
    return splats


def _end(lines, start):
    for index in range(start, min(start + LINES_SHOWN, len(lines))):
        if END_LINE.search(lines[index]):
            return index + 1
    return min(start + LINES_SHOWN, len(lines))


def report(path):
    """The splats of a log file, ready to print; empty if there is none."""
    try:
        text = Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise HarnessError(f"kernel log: {error}") from error
    return "\n\n".join("\n".join(splat) for splat in find(text))


def splats(arguments):
    text = "\n\n".join(filter(None, (report(path) for path in arguments)))
    if text:
        print(text)
    return 1 if text else 0


if __name__ == "__main__":
    main(splats)
