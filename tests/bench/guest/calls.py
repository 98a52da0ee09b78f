# SPDX-License-Identifier: GPL-2.0
"""The cost of a call of a patched function, in instructions or in time.

Under --icount the guest's cycle counter counts instructions, and the answers
repeat to the instruction.
"""

import subprocess
from contextlib import contextmanager

import engines
import system
from engines import BOTH, OURS

CALL = "/proc/klpx_bench/call"
HOLD = "/proc/klpx_bench/hold"
ROUNDS = 5  # where hash entries may collide by chance
NEW = 1000000


def _cost(text, new):
    """Cycles of a call, after checking which version was called."""
    cycles, picoseconds, value = text.split()
    if (int(value) >= NEW) != new:
        raise RuntimeError(f"the wrong version was called: {value}")
    return {"cycles": float(cycles), "ns": int(picoseconds) / 1000}


def call(new):
    return _cost(system.read(CALL), new)


@contextmanager
def holder():
    """A task in klpx_bench_hold(): release() makes it measure and leave."""
    with subprocess.Popen(["cat", HOLD], stdout=subprocess.PIPE, text=True) as task:
        system.wait_for(
            "the holder to sleep", lambda: system.sleeps_in(task.pid, "klpx_bench_hold")
        )

        def release():
            system.write(HOLD, "\n")
            return task.communicate()[0]

        try:
            yield release
        finally:
            if task.poll() is None:
                release()


def _raw(regs):
    system.load_bench("klpx_bench_raw", f"regs={regs}")
    cost = call(new=True)
    system.unload("klpx_bench_raw")
    return cost


def _settled(engine):
    engine.enable()
    cost = call(new=True)
    engine.disable()
    return cost


def _moving_once(engine):
    with holder() as release:
        engine.start(hold=1)
        system.wait_for("all but the holder to be switched", lambda: _only_holder(engine))
        switched = call(new=True)
        pending = _cost(release(), new=False)
    engine.wait_enabled()
    engine.disable()
    return {"switched": switched, "pending": pending}


def _moving(engine):
    """The costs of a task that has been switched, and of one that has not."""
    rounds = [_moving_once(engine) for _ in range(ROUNDS)]
    return {
        side: {unit: min(costs[side][unit] for costs in rounds) for unit in ("cycles", "ns")}
        for side in ("switched", "pending")
    }


def _only_holder(engine):
    if engine is OURS:
        return system.read(engine.attribute("pending")) == "1"
    with open("/proc/self/patch_state", encoding="ascii") as file:
        return file.read().strip() == "1"


def _promoted():
    """None if the function does not get on the fast path."""
    engines.load_klpx("all")
    OURS.enable()
    cost = call(new=True) if engines.wait_promoted() else None
    OURS.disable()
    engines.unload_klpx()
    return cost


def measure():
    system.load_bench(engines.TARGET)
    result = {"plain": call(new=False), "raw": _raw(0), "raw_regs": _raw(1)}
    engines.load_klpx("off")
    for engine in BOTH:
        result[engine.name] = {"settled": _settled(engine), **_moving(engine)}
    engines.unload_klpx()
    result["fastpath"] = _promoted()
    system.unload(engines.TARGET)
    return result
