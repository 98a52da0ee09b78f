# SPDX-License-Identifier: GPL-2.0
"""The cost of enabling and disabling, by functions, threads and patches.

One of them varies at a time: {engine: [[how many, s to enable, to disable]]}.
"""

import sys
import time

import engines
import threads
from engines import BOTH

FUNCTIONS = (1, 10, 50, 100, 200, 500, 1000)
THREADS = (100, 1000, 5000, 10000, 20000, 50000)
PATCHES = 50
FUNCTIONS_OF_A_PATCH = 10
REST_SECONDS = 0.5


def _point(curve, engine, count, enable, disable):
    print(
        f"    {engine.name} {count}: {enable:.2f} s, {disable:.2f} s", file=sys.stderr, flush=True
    )
    curve[engine.name].append([count, enable, disable])


def _curve():
    return {engine.name: [] for engine in BOTH}


def _measured(curve, label, count):
    for engine in BOTH:
        time.sleep(REST_SECONDS)
        enable = engine.enable(count=count)
        time.sleep(REST_SECONDS)
        _point(curve, engine, label, enable, engine.disable())


def _functions():
    curve = _curve()
    for count in FUNCTIONS:
        _measured(curve, count, count)
    return curve


def _threads():
    curve = _curve()
    for count in THREADS:
        with threads.asleep(count):
            _measured(curve, count, 1)
    return curve


def _patches():
    """Enables and disables the newest of that many patches."""
    curve = _curve()
    for engine in BOTH:
        enable = [
            engine.enable(number, count=FUNCTIONS_OF_A_PATCH, first=number * FUNCTIONS_OF_A_PATCH)
            for number in range(PATCHES)
        ]
        disable = [engine.disable(number) for number in reversed(range(PATCHES))]
        for number, seconds in enumerate(zip(enable, reversed(disable)), 1):
            _point(curve, engine, number, *seconds)
    return curve


def measure():
    with engines.ready():
        return {"functions": _functions(), "threads": _threads(), "patches": _patches()}
