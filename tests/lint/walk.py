# SPDX-License-Identifier: GPL-2.0
"""Keeps true what documents say about the code: the steps of a walk.

A step is `path` `function()`, side by side on one line. The file must exist
and contain that name, before a parenthesis (or a comma: BPF_PROG(name, ...)).
`path` `name` is for all else that has a name: the file must contain the word.
"""

import re

WALK = "docs/ARCHITECTURE.md"
FEWEST_STEPS = 20
_STEP = re.compile(r"`([\w.+/-]+/[\w.+-]+)` `([\w:~]+)(\(\))?`")


def steps_of(lines):
    """Yields (line number, path, name or function()) for each step."""
    for number, line in enumerate(lines, 1):
        for path, name, call in _STEP.findall(line):
            yield number, path, name + call


def _finding(path, step, lines):
    if lines is None:
        return f"'{path}' is not a file of this repository"
    name = re.escape(step.removesuffix("()").rpartition("::")[2])
    after = r"\s*[(,]" if step.endswith("()") else r"\b"
    wanted = re.compile(rf"(?<!\w){name}{after}")
    if not any(wanted.search(line) for line in lines):
        return f"'{path}' has no {step}"
    return None


def check_walk(files, read):
    """Takes (name, lines) pairs of documents, and what reads a named file.

    read(path) gives the lines of a file of the repository, or None.
    """
    for name, lines in files:
        steps = list(steps_of(lines))
        if name == WALK and len(steps) < FEWEST_STEPS:
            yield (
                f"{name}:1: {len(steps)} steps of the form `path` "
                f"`function()`, the walk of 'enable' has at least "
                f"{FEWEST_STEPS}"
            )
        for number, path, step in steps:
            finding = _finding(path, step, read(path))
            if finding:
                yield f"{name}:{number}: {finding}"
