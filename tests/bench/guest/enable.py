# SPDX-License-Identifier: GPL-2.0
"""The time to enable and to disable a patch on an idle machine."""

import statistics
import time

import engines
from engines import BOTH

ROUNDS = {1: 5, 500: 1}  # functions -> times; the kernel's takes a minute
REST_SECONDS = 0.5


def _round(engine, count):
    time.sleep(REST_SECONDS)
    enable = engine.enable(count=count)
    time.sleep(REST_SECONDS)
    return enable, engine.disable()


def rounds(engine, counts=None):
    """{"enable_1": seconds, "disable_1": ...}: the median of several."""
    result = {}
    for count, times in (counts or ROUNDS).items():
        both = zip(*(_round(engine, count) for _ in range(times)))
        for verb, seconds in zip(("enable", "disable"), both):
            result[f"{verb}_{count}"] = statistics.median(seconds)
    return result


def measure():
    with engines.ready():
        return {engine.name: rounds(engine) for engine in BOTH}
