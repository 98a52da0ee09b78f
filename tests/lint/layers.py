# SPDX-License-Identifier: GPL-2.0
"""Who may include whom: the layering of controller/ as allow lists.

This table is the layering; docs/ARCHITECTURE.md explains it.
"""

import re

# layer of controller/ -> the layers it may include
MAY_INCLUDE = {
    "core": {"core"},
    "sys": {"core", "sys"},
    "history": {"core", "sys", "history"},
    "commands": {"core", "sys", "history", "commands"},
    "daemon": {"core", "sys", "history", "commands", "daemon"},
    "web": {"core", "sys", "history", "web"},
    "view": {"core", "view"},
    "tui": {"core", "sys", "history", "commands", "view", "tui"},
    "cli": {"core", "sys", "history", "commands", "daemon", "web", "view", "tui",
            "cli"},
}

# These are pure: no clock, no file, no errno, no libbpf.
PURE = {"core", "view"}
NOT_IN_CORE = re.compile(
    r"<(bpf/|linux/|sys/|fcntl|unistd|cerrno|errno|chrono|ctime|time\.h|fstream"
    r"|filesystem|thread|mutex|signal|csignal|cstdio|stdio|iostream)")
SKELETON = re.compile(r'"[^"]*\.skel\.h"')
_INCLUDE = re.compile(r'\s*#\s*include\s+(["<][^">]+[">])')


def _layer(path):
    found = re.match(r'"?controller/(\w+)/', path)
    return found.group(1) if found else None


def _finding(name, included):
    layer, target = _layer(name), _layer(included)
    if SKELETON.match(included) and layer != "sys":
        return "a skeleton may be included in controller/sys/ only"
    if layer in PURE and NOT_IN_CORE.match(included):
        return f"controller/{layer}/ is pure and may not include {included}"
    if layer in MAY_INCLUDE and target and target not in MAY_INCLUDE[layer]:
        return f"controller/{layer}/ may not include {included}"
    if layer and layer not in MAY_INCLUDE:
        return f"controller/{layer}/ is not a layer named in tests/lint/layers.py"
    return None


def check_layers(files):
    """Takes (name, lines) pairs; yields a line for each forbidden include."""
    for name, lines in files:
        if not name.startswith("controller/") or not name.endswith((".cc", ".h")):
            continue
        if name.endswith("_test.cc"):
            continue
        for number, line in enumerate(lines, 1):
            include = _INCLUDE.match(line)
            finding = include and _finding(name, include.group(1))
            if finding:
                yield f"{name}:{number}: {finding}"
