# SPDX-License-Identifier: GPL-2.0
"""The two engines behind one set of verbs.

Both patch the same functions of klpx_bench_target, with the same replacements,
built from one source.
"""

import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import system

TARGET = "klpx_bench_target"
PROMOTION_SECONDS = 5


@dataclass(frozen=True)
class Engine:
    name: str
    prefix: str  # name of its patch modules: PREFIX_00 and copies
    sysfs: Path

    def module(self, number=0):
        return f"{self.prefix}_{number:02}"

    def attribute(self, name, number=0):
        return self.sysfs / self.module(number) / name

    def start(self, number=0, **parameters):
        """Begins to enable: returns when the module is loaded."""
        words = (f"{name}={value}" for name, value in parameters.items())
        system.load(_file(self, number), " ".join(words))

    def in_transition(self, number=0):
        return system.read(self.attribute("transition", number)) == "1"

    def wait_enabled(self, number=0):
        system.wait_for(
            f"{self.module(number)} to be enabled", lambda: not self.in_transition(number)
        )

    def start_disable(self, number=0):
        system.write(self.attribute("enabled", number), 0)

    def wait_disabled(self, number=0):
        directory = str(self.sysfs / self.module(number))
        system.wait_for(
            f"{self.module(number)} to be disabled", lambda: not os.path.exists(directory)
        )

    def enable(self, number=0, **parameters):
        """Enables a patch; returns seconds from loading to the last task."""
        start = time.monotonic()
        self.start(number, **parameters)
        self.wait_enabled(number)
        return time.monotonic() - start

    def disable(self, number=0):
        """Disables it, removes the module; returns the seconds to disable."""
        start = time.monotonic()
        self.start_disable(number)
        self.wait_disabled(number)
        seconds = time.monotonic() - start
        system.unload(self.module(number))
        return seconds


OURS = Engine("klpx", "klpx_bench_ours", Path("/sys/kernel/klpx"))
THEIRS = Engine("kernel", "klpx_bench_theirs", Path("/sys/kernel/livepatch"))
BOTH = (THEIRS, OURS)


def _file(engine, number):
    """The module file; copies differ from number 00 in their name only."""
    first = system.MODULES / f"{engine.module()}.ko"
    if not number:
        return first
    copy = Path("/tmp") / f"{engine.module(number)}.ko"
    if not copy.exists():
        copy.write_bytes(
            first.read_bytes().replace(engine.module().encode(), engine.module(number).encode())
        )
    return copy


def load_klpx(fastpath="off"):
    system.load(system.KLPX, f"fastpath={fastpath}")


def unload_klpx():
    system.unload("klpx")


@contextmanager
def ready(fastpath="off"):
    """klpx.ko and the functions to patch are loaded."""
    system.load_bench(TARGET)
    load_klpx(fastpath)
    try:
        yield
    finally:
        unload_klpx()
        system.unload(TARGET)


def stat(name):
    return int(system.read(f"/sys/module/klpx/stats/{name}"))


def wait_promoted(count=1):
    """Waits for that many functions on the fast path; False after a timeout."""
    deadline = time.monotonic() + PROMOTION_SECONDS
    while time.monotonic() < deadline:
        try:
            if stat("fastpath_functions") >= count:
                return True
        except FileNotFoundError:
            return False
        time.sleep(system.POLL_SECONDS)
    return False
