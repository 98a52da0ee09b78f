# SPDX-License-Identifier: GPL-2.0
"""How long interrupts and threads had to wait while a patch was enabled.

500 functions, 20,000 threads; klpx_bench_probe.c describes the measurement. It
needs --icount, where an instruction takes a nanosecond and the load of the host
does not matter, and preempt=full, without which a thread waits for more than
sections with preemption off. Chance delays do not occur in every transition: of
the longest waits of several transitions, the least is the result.
"""

import engines
import system
import threads
from engines import BOTH, OURS

PROBE = "klpx_bench_probe"
FILE = "/proc/klpx_bench_delay"
COUNT = 500
ROUNDS = {OURS.name: 5, "kernel": 1}


def _longest():
    return [int(ns) / 1e6 for ns in system.read(FILE).split()]


def _enabling(engine):
    _longest()
    engine.enable(count=COUNT)
    longest = _longest()
    engine.disable()
    return longest


def _least(engine):
    rounds = [_enabling(engine) for _ in range(ROUNDS[engine.name])]
    interrupt, thread = (min(column) for column in zip(*rounds))
    return {"interrupt": interrupt, "worst": thread}


def measure():
    with engines.ready(), threads.asleep():
        system.load_bench(PROBE)
        result = {engine.name: _least(engine) for engine in BOTH}
        system.unload(PROBE)
    return result
