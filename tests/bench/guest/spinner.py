# SPDX-License-Identifier: GPL-2.0
"""A kernel thread keeps a CPU busy and calls cond_resched() all the time.

It has to end before the kernel's engine can disable its patch: that waits for
an RCU-tasks grace period, which such a thread holds up for ever.
"""

import statistics

import engines
import system
from engines import BOTH, OURS

SPINNER = "klpx_test_spinner"
ROUNDS = {OURS.name: 3, "kernel": 1}


def _round(engine):
    system.load(f"/opt/klpx/patches/{SPINNER}.ko", "resched=1")
    seconds = engine.enable()
    system.unload(SPINNER)
    engine.disable()
    return seconds


def measure():
    with engines.ready():
        return {
            engine.name: {
                "enable": statistics.median(_round(engine) for _ in range(ROUNDS[engine.name]))
            }
            for engine in BOTH
        }
