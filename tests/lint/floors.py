# SPDX-License-Identifier: GPL-2.0
"""Which unit of kmod/ may include which: the floors as allow lists.

This table is the structure; docs/ARCHITECTURE.md explains it.
"""

import re

# floor of kmod/ -> its units (foo.c with foo.h). A unit may include what is on
# its own floor and on those before it; kmod/Kbuild has the same floors.
KMOD_FLOORS = {
    "base": {
        "compat",
        "counters",
        "kick",
        "lock",
        "pointers",
        "pure/hot",
        "pure/parts",
        "pure/ranges",
        "pure/schedule",
        "records",
        "shadow",
        "shadow_kernel",
        "symbols",
        "sync",
        "trace",
        "upstream",
        "wake",
    },
    "tasks": {"all_tasks", "exiting", "pending", "stack", "transition_state"},
    "report": {"policy", "recent", "report", "stats"},
    "redirection": {
        "direct",
        "fastmode",
        "fastpath",
        "filter",
        "func_stack",
        "muted",
        "promote",
        "redirect",
        "solo",
        "stubs",
        "stubs_text",
    },
    "patch": {
        "adopted",
        "callbacks",
        "cold_ranges",
        "description",
        "lifetime",
        "lookup",
        "object_sysfs",
        "relocations",
        "replace",
        "resolve",
        "states",
        "sysfs",
        "unsafe",
        "wanted",
    },
    "transition": {
        "announce",
        "enable",
        "evict",
        "module_apply",
        "policy_worker",
        "prepare",
        "requests",
        "stop",
        "switch",
        "transition",
        "waiting",
        "worker",
    },
    "interface": {
        "adopt",
        "adopt_calls",
        "adopt_layout",
        "adopt_order",
        "hooks",
        "kfuncs",
        "livepatch",
        "main",
        "module_notifier",
        "patch_sysfs",
    },
}
KMOD_CIRCLE = 4  # units that may include each other in a circle


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
                yield (name, number, found.group(1), beside if beside in units else unit)


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
    return {
        frozenset(other for other in reachable[unit] if unit in reachable.get(other, ()))
        for unit in arrows
        if unit in reachable[unit]
    }


def check_floors(files):
    """Takes (name, lines) pairs; yields a line for each arrow not allowed."""
    files = list(files)
    floors = {unit: number for number, units in enumerate(KMOD_FLOORS.values()) for unit in units}
    arrows = {}
    for name, number, unit, included in _kmod_includes(files):
        if unit not in floors:
            yield f"{name}:1: {unit} is on no floor of tests/lint/floors.py"
        elif included not in floors:
            yield f"{name}:{number}: {included} is on no floor of tests/lint/floors.py"
        elif floors[included] > floors[unit]:
            yield f"{name}:{number}: {unit} may not include {included}, a floor above"
        if included != unit:
            arrows.setdefault(unit, set()).add(included)
    for circle in sorted(map(sorted, _circles(arrows))):
        if len(circle) > KMOD_CIRCLE:
            yield f"kmod/{circle[0]}.c:1: a circle of includes: {' '.join(circle)}"
