# SPDX-License-Identifier: GPL-2.0
"""The memory that a transition takes for each task of a machine with 20,000.

Counts all pages that were allocated while ours began to disable a patch, by the
kernel's own tracepoint: entries with the waste of their slab, the hash, and the
rest. The machine is idle, so nearly all of them are the engine's.
"""

import re

import system
import engines
import threads
from engines import OURS

TRACING = "/sys/kernel/tracing"
EVENT = f"{TRACING}/events/kmem/mm_page_alloc/enable"
PAGE_BYTES = 4096
BUFFER_KB = 16384
_ORDER = re.compile(r" mm_page_alloc: .* order=(\d+) ")


def _allocated(act):
    system.write(f"{TRACING}/buffer_size_kb", BUFFER_KB)
    system.write(f"{TRACING}/trace", "")
    system.write(EVENT, 1)
    act()
    system.write(EVENT, 0)
    return sum(
        PAGE_BYTES << int(order) for order in _ORDER.findall(system.read(f"{TRACING}/trace"))
    )


def measure():
    with engines.ready(), threads.asleep():
        OURS.enable()
        tasks = int(system.read(OURS.attribute("tasks")))
        allocated = _allocated(OURS.start_disable)
        OURS.wait_disabled()
        system.unload(OURS.module())
    return {"klpx": {"bytes": allocated / tasks, "tasks": tasks}}
