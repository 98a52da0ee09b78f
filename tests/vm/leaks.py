# SPDX-License-Identifier: GPL-2.0
"""Attributes leaks to tests. The kernel is searched once, at the end of a boot
that several tests shared; kmemleak says when each object was allocated, in
jiffies, and guest/run-tests when each test began.
"""

import re

_BEGIN = re.compile(r"klpx-vm: begin (\S+)$")
_JIFFIES = re.compile(r"klpx-vm: jiffies (\d+)$")
_OBJECT = re.compile(r"unreferenced object 0x")
_REPORT = re.compile(r"kmemleak:|unreferenced object 0x")
_MADE = re.compile(r", jiffies (\d+)")


def _begins(lines):
    """(jiffies, test) of each test, in their order."""
    begins, name = [], ""
    for line in lines:
        if found := _BEGIN.search(line):
            name = found[1]
        elif found := _JIFFIES.search(line):
            begins.append((int(found[1]), name))
    return begins


def _objects(lines):
    """The lines of each object of the report."""
    objects = []
    for line in lines:
        if _OBJECT.search(line):
            objects.append([])
        if objects:
            objects[-1].append(line)
    return objects


def _owner(lines, begins):
    made = next(filter(None, map(_MADE.search, lines)), None)
    names = [name for jiffies, name in begins if made and jiffies <= int(made[1])]
    return names[-1] if names else ""


def claim(found, log):
    """Takes the leaks out of found[""], {test: splats}; {test: leaks}."""
    reports = [splat for splat in found.get("", []) if _REPORT.search(splat[0])]
    lines = log.replace("\r", "").splitlines()
    objects = _objects(lines)
    if not reports or not objects:  # leaks that are not shown stay unclaimed
        return {}
    found[""] = [splat for splat in found[""] if splat not in reports]
    begins = _begins(lines)
    leaked = {}
    for thing in objects:
        leaked.setdefault(_owner(thing, begins), []).append(thing)
    return leaked
