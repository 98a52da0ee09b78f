# SPDX-License-Identifier: GPL-2.0
"""Machines full of threads, and tasks that block a transition."""

import os
import subprocess
import time
from contextlib import ExitStack, contextmanager

import system
from calls import HOLD

MANY = 20000
SLEEPERS = "/opt/klpx/workloads/sleepers"
NAP = "/proc/klpx_bench/nap"
SETTLE_SECONDS = 2
_LIMIT = 400000


@contextmanager
def _ready(*command):
    with subprocess.Popen(
        [str(word) for word in command], stdout=subprocess.PIPE, text=True
    ) as program:
        if program.stdout.readline() != "ready\n":
            raise RuntimeError(f"{command[0]} did not get ready")
        try:
            yield program
        finally:
            program.kill()


@contextmanager
def asleep(count=MANY):
    """That many threads, all asleep in pause()."""
    for limit in ("pid_max", "threads-max"):
        system.write(f"/proc/sys/kernel/{limit}", _LIMIT)
    system.write("/proc/sys/vm/max_map_count", _LIMIT * 4)
    with _ready(SLEEPERS, count) as program:
        time.sleep(SETTLE_SECONDS)
        yield program


@contextmanager
def napping(count):
    """That many threads, all asleep in klpx_bench_nap()."""
    with _ready(system.PROGRAMS / "nappers", count, NAP) as program:
        system.wait_for(
            "all nappers to nap",
            lambda: all(
                system.sleeps_in(f"{program.pid}/task/{tid}", "klpx_bench_nap")
                for tid in os.listdir(f"/proc/{program.pid}/task")
                if tid != str(program.pid)
            ),
        )
        yield program


@contextmanager
def holding(count):
    """Tasks in klpx_bench_hold(); yields a function that releases them all."""
    with ExitStack() as stack:
        tasks = [
            stack.enter_context(subprocess.Popen(["cat", HOLD], stdout=subprocess.DEVNULL))
            for _ in range(count)
        ]
        for task in tasks:
            system.wait_for(
                "a holder to sleep", lambda task=task: system.sleeps_in(task.pid, "klpx_bench_hold")
            )

        def release():
            system.write(HOLD, "\n")
            for task in tasks:
                task.wait()

        try:
            yield release
        finally:
            release()
