# SPDX-License-Identifier: GPL-2.0
"""Which part of controller/ may include which: the layers as allow lists.

This table is the layering; docs/ARCHITECTURE.md explains it.
"""

import re

# Layer of controller/ -> the layers it may include besides itself.
MAY_INCLUDE = {
    "core": set(),
    "sys": {"core"},
    "store": {"core", "sys"},
    "ops": {"core", "sys", "store"},
    "verbs": {"core", "sys", "store", "ops"},
    "daemon": {"core", "sys", "store", "ops"},
    "web": {"core", "sys", "store"},
    "view": {"core"},
    "tui": {"core", "sys", "store", "ops", "verbs", "view"},
    "cli": {"core", "sys", "store", "ops", "verbs", "daemon", "web", "view", "tui"},
}

# The subjects of a layer, lowest first: each may include those before it.
SUBJECTS = {
    "core": [
        "base",
        "kernel",
        "patch",
        "transition",
        "preflight",
        "history",
        "policy",
        "boot",
        "publish",
        "report",
    ],
    "sys": ["io", "proc", "bpf"],
    # Last, entry: no operation knows the whole that a verb is given.
    "ops": [
        "console",
        "kernel",
        "policy",
        "history",
        "patch",
        "boot",
        "transition",
        "health",
        "enable",
        "entry",
    ],
}

# These are pure: no clock, no file, no errno, no libbpf.
PURE = {"core", "view"}
NOT_IN_CORE = re.compile(
    r"<(bpf/|linux/|sys/|fcntl|unistd|cerrno|errno|chrono|ctime|time\.h|fstream"
    r"|filesystem|thread|mutex|signal|csignal|cstdio|stdio|iostream)"
)
SKELETON = re.compile(r'"[^"]*\.skel\.h"')
SKELETON_HOME = ("sys", "bpf")
_INCLUDE = re.compile(r'\s*#\s*include\s+(["<][^">]+[">])')
_PLACE = re.compile(r'"?controller/(\w+)/(?:(\w+)/)?')


def _place(path):
    """The layer and the subject of a file, None where it has none."""
    found = _PLACE.match(path)
    return found.groups() if found else (None, None)


def _unknown(layer, subject):
    if layer not in MAY_INCLUDE:
        return f"controller/{layer}/ is not a layer named in tests/lint/layers.py"
    if layer in SUBJECTS and subject not in SUBJECTS[layer]:
        return f"controller/{layer}/{subject or ''} is not a subject named in tests/lint/layers.py"
    return None


def _finding(name, included):
    (layer, subject), (target, part) = _place(name), _place(included)
    if SKELETON.match(included) and (layer, subject) != SKELETON_HOME:
        return "a skeleton may be included in controller/sys/bpf/ only"
    if layer in PURE and NOT_IN_CORE.match(included):
        return f"controller/{layer}/ is pure and may not include {included}"
    if not layer or not target:
        return None
    if target != layer:
        allowed = target in MAY_INCLUDE[layer]
    else:
        order = SUBJECTS.get(layer)
        allowed = not order or (part in order and order.index(part) <= order.index(subject))
    return None if allowed else f"may not include {included}"


def check_layers(files):
    """Takes (name, lines) pairs; yields a line for each forbidden include."""
    for name, lines in files:
        if not name.startswith("controller/") or not name.endswith((".cc", ".h")):
            continue
        layer, subject = _place(name)
        unknown = layer and _unknown(layer, subject)
        if unknown:
            yield f"{name}:1: {unknown}"
            continue
        for number, line in enumerate(lines, 1):
            include = _INCLUDE.match(line)
            finding = include and _finding(name, include.group(1))
            if finding:
                yield f"{name}:{number}: {finding}"
