# SPDX-License-Identifier: GPL-2.0
"""A file of controller/ includes the headers of the standard types it names.

A header that another one happens to bring goes when that other one changes. Of
foo.cc, foo.h may have them, since they are part of what foo.h declares.
"""

import re
from pathlib import PurePath

HEADERS = {
    "algorithm": "all_of any_of find find_if max_element min_element none_of sort stable_sort",
    "array": "array",
    "functional": "function",
    "map": "map multimap",
    "memory": "make_shared make_unique shared_ptr unique_ptr weak_ptr",
    "optional": "nullopt optional",
    "set": "set",
    "string": "string to_string",
    "tuple": "tie tuple",
    "utility": "exchange move pair swap",
    "variant": "get_if holds_alternative variant visit",
    "vector": "vector",
}
_HEADER_OF = {name: header for header, names in HEADERS.items() for name in names.split()}
_NAME = re.compile(r"\bstd::(\w+)")
_INCLUDE = re.compile(r'#include ([<"])([^>"]+)[>"]')


def included(lines):
    return {match.group(2) for line in lines if (match := _INCLUDE.match(line))}


def missing(lines, also=()):
    """Yields (line number, name, header) for the first use of each header."""
    have = included(lines) | included(also)
    for number, line in enumerate(lines, 1):
        for name in _NAME.findall(line.partition("//")[0]):
            header = _HEADER_OF.get(name)
            if header and header not in have:
                have.add(header)
                yield number, name, header


def check_includes(named):
    """Takes (name, lines) pairs; yields a line for each header not included."""
    lines_of = {name: lines for name, lines in named if name.startswith("controller/")}
    for name, lines in lines_of.items():
        if not name.endswith((".cc", ".h")):
            continue
        own = lines_of.get(str(PurePath(name).with_suffix(".h")), ())
        for number, identifier, header in missing(lines, own):
            yield f"{name}:{number}: std::{identifier} without #include <{header}>"
