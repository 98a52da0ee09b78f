# SPDX-License-Identifier: GPL-2.0
"""Who may include whom: the layering of controller/ and kmod/ as allow lists.

These tables are the layering; docs/ARCHITECTURE.md explains them.
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

# floor of kmod/ -> its units (foo.c with foo.h). A unit may include what is on
# its own floor and on those before it; kmod/Kbuild has the same floors.
KMOD_FLOORS = {
    "base": {"compat", "counters", "kick", "lock", "pointers", "pure/hot",
             "pure/parts", "pure/ranges", "pure/schedule", "records", "shadow",
             "symbols", "sync", "trace", "upstream", "wake"},
    "tasks": {"all_tasks", "exiting", "pending", "stack", "transition_state"},
    "report": {"policy", "recent", "report", "stats"},
    "redirection": {"direct", "fastmode", "fastpath", "filter", "func_stack",
                    "muted", "promote", "redirect", "solo", "stubs",
                    "stubs_text"},
    "patch": {"callbacks", "cold_ranges", "description", "lifetime", "lookup",
              "object_sysfs", "relocations", "replace", "resolve", "states",
              "sysfs", "unsafe", "wanted"},
    "transition": {"announce", "enable", "evict", "module_apply",
                   "policy_worker", "prepare", "requests", "stop", "switch",
                   "transition", "waiting", "worker"},
    "interface": {"hooks", "kfuncs", "livepatch", "main", "module_notifier",
              "patch_sysfs"},
}
KMOD_CIRCLE = 4  # units that may include each other in a circle

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
    files = list(files)
    yield from check_kmod(files)
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


def _kmod_includes(files):
    """Yields (name, line number, unit, included unit) for kmod/'s own includes."""
    for name, lines in files:
        found = re.match(r"kmod/([\w/]+)\.[chS]$", name)
        if not found:
            continue
        yield name, 1, found.group(1), found.group(1)
        for number, line in enumerate(lines, 1):
            include = re.match(r'\s*#\s*include\s+"([\w/]+)\.h"', line)
            if include:
                unit = include.group(1)
                beside = found.group(1).rpartition("/")[0] + "/" + unit
                units = set().union(*KMOD_FLOORS.values())
                yield (name, number, found.group(1),
                       beside if beside in units else unit)


def _reachable(arrows, unit):
    seen, left = set(), [unit]
    while left:
        for other in arrows.get(left.pop(), ()):
            if other not in seen:
                seen.add(other)
                left.append(other)
    return seen


def _circles(arrows):
    reachable = {unit: _reachable(arrows, unit) for unit in arrows}
    return {frozenset(other for other in reachable[unit]
                      if unit in reachable.get(other, ()))
            for unit in arrows if unit in reachable[unit]}


def check_kmod(files):
    """Takes (name, lines) pairs; yields a line for each arrow that is not allowed."""
    floors = {unit: number for number, units in enumerate(KMOD_FLOORS.values())
              for unit in units}
    arrows = {}
    for name, number, unit, included in _kmod_includes(files):
        if unit not in floors:
            yield f"{name}:1: {unit} is on no floor of tests/lint/layers.py"
        elif included not in floors:
            yield f"{name}:{number}: {included} is on no floor of tests/lint/layers.py"
        elif floors[included] > floors[unit]:
            yield f"{name}:{number}: {unit} may not include {included}, a floor above"
        if included != unit:
            arrows.setdefault(unit, set()).add(included)
    for circle in sorted(map(sorted, _circles(arrows))):
        if len(circle) > KMOD_CIRCLE:
            yield f"kmod/{circle[0]}.c:1: a circle of includes: {' '.join(circle)}"
