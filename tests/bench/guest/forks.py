# SPDX-License-Identifier: GPL-2.0
"""A loop of vfork, exit and wait on one CPU while the other enables a patch.

20,000 threads sleep. The loop's worst round and its rate: undisturbed, and
while each engine enables 1 function, and 500.
"""

import mmap
import os
import struct
import subprocess
import time
from contextlib import contextmanager

import engines
import system
import threads
from engines import BOTH, OURS

PROGRAM = system.PROGRAMS / "vfork_latency"
SHARED = "/dev/shm/klpx-bench-forks"
ENABLING_CPU, FORKING_CPU = 0, 1
ALONE_SECONDS = 10
ROUNDS = {OURS.name: 5, "kernel": 1}  # ours takes almost no time
REST_SECONDS = 0.5
_PHASE = struct.Struct("=QQQ")


class _Loop:
    """The loop's counts, phase by phase; phase 0 counts nothing."""

    def __init__(self, memory):
        self._memory = memory
        self._phases = 0

    def _set(self, phase):
        self._memory[:8] = struct.pack("=Q", phase)

    def phase(self):
        """A new phase, which can be entered any number of times."""
        self._phases += 1
        number = self._phases

        @contextmanager
        def counting():
            self._set(number)
            try:
                yield
            finally:
                self._set(0)

        return number, counting

    def counts(self, number):
        rounds, total_ns, worst_ns = _PHASE.unpack_from(self._memory, 8 + number * _PHASE.size)
        return {
            "worst": worst_ns / 1e6,
            "rounds": rounds,
            "rate": rounds / (total_ns / 1e9) if total_ns else None,
        }


@contextmanager
def _looping():
    with open(SHARED, "w+b") as file:
        file.truncate(mmap.PAGESIZE)
        memory = mmap.mmap(file.fileno(), mmap.PAGESIZE)
    with subprocess.Popen([str(PROGRAM), str(FORKING_CPU), SHARED]) as program:
        os.sched_setaffinity(0, {ENABLING_CPU})
        try:
            yield _Loop(memory)
        finally:
            program.kill()
            os.sched_setaffinity(0, {ENABLING_CPU, FORKING_CPU})


def _alone(loop):
    number, counting = loop.phase()
    with counting():
        time.sleep(ALONE_SECONDS)
    return loop.counts(number)


def _enabling(loop, engine, count):
    number, counting = loop.phase()
    for _ in range(ROUNDS[engine.name]):
        time.sleep(REST_SECONDS)
        with counting():
            engine.enable(count=count)
        engine.disable()
    counts = loop.counts(number)
    return {f"{name}_{count}": value for name, value in counts.items()}


def measure():
    with engines.ready(), threads.asleep(), _looping() as loop:
        time.sleep(REST_SECONDS)
        result = {"alone": _alone(loop)}
        for engine in BOTH:
            result[engine.name] = {**_enabling(loop, engine, 1), **_enabling(loop, engine, 500)}
    return result
