# SPDX-License-Identifier: GPL-2.0
"""How long interrupts and threads had to wait while a patch was enabled.

500 functions, 20,000 threads; klpx_bench_probe says how it is measured. A host
that runs something else adds to it, and never takes away: of several
transitions, each with its longest wait, the least counts.
"""

import time

import engines
import system
import threads
from engines import BOTH, OURS

PROBE = "klpx_bench_probe"
FILE = "/proc/klpx_bench_delay"
COUNT = 500
ROUNDS = {OURS.name: 5, "kernel": 1}
ALONE_ROUNDS, ALONE_SECONDS = 5, 1


def _longest():
    return [int(ns) / 1e6 for ns in system.read(FILE).split()]


def _least(rounds):
    interrupt, thread = (min(column) for column in zip(*rounds))
    return {"interrupt": interrupt, "worst": thread}


def _alone():
    _longest()
    time.sleep(ALONE_SECONDS)
    return _longest()


def _enabling(engine):
    _longest()
    engine.enable(count=COUNT)
    longest = _longest()
    engine.disable()
    return longest


def measure():
    with engines.ready(), threads.asleep():
        system.load_bench(PROBE)
        result = {"alone": _least([_alone() for _ in range(ALONE_ROUNDS)])}
        for engine in BOTH:
            result[engine.name] = _least(
                [_enabling(engine) for _ in range(ROUNDS[engine.name])])
        system.unload(PROBE)
    return result
