# SPDX-License-Identifier: GPL-2.0
"""How long a function of C, C++ or Python may be; Universal Ctags finds them."""

import json
import subprocess

FUNCTION_LINES = 50
SOURCES = (".c", ".cc", ".h", ".py")
_CTAGS = [
    "ctags",
    "--output-format=json",
    "--kinds-C=f",
    "--kinds-C++=f",
    "--kinds-Python=fm",
    "--langmap=C++:+.h",
    "--fields=+ne",
    "-o",
    "-",
    "-L",
    "-",
]


def functions(names, root):
    """Yields (file, function, first line, last line)."""
    found = subprocess.run(
        _CTAGS, input="\n".join(names), cwd=root, text=True, capture_output=True, check=True
    ).stdout
    for line in found.splitlines():
        tag = json.loads(line)
        if "end" in tag:
            yield tag["path"], tag["name"], tag["line"], tag["end"]


def check_functions(names, root):
    """Takes the repository's files; yields a line for each long function."""
    sources = [name for name in names if name.endswith(SOURCES)]
    for name, function, first, last in functions(sources, root):
        count = last - first + 1
        if count > FUNCTION_LINES:
            yield (f"{name}:{first}: {function}() has {count} lines, the limit is {FUNCTION_LINES}")
