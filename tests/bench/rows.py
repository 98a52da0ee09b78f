# SPDX-License-Identifier: GPL-2.0
"""The rows of the benchmark: what is compared, where it comes from, its bound.

This is the only list of rows. A row names paths into the reports of the boots
("timing.enable.klpx.one_idle"). A path that does not exist, or is None, was not
measured, and a bound on it is missed.
"""

from dataclasses import dataclass
from typing import NamedTuple


class Bound(NamedTuple):
    """klpx at most (or at least) factor times a path's value, or factor."""

    factor: float
    of: str = ""
    least: bool = False


@dataclass(frozen=True)
class Row:
    """minus is subtracted from both sides; source is what has to run."""

    name: str
    what: str
    unit: str
    klpx: str
    bounds: tuple
    kernel: str = ""
    minus: str = ""
    alone: str = ""  # without an engine, or the first: shown beside them

    @property
    def scenarios(self):
        """The boots and the scenarios in them that this row needs."""
        paths = [self.klpx, self.kernel, self.minus, self.alone]
        paths += [bound.of for bound in self.bounds]
        return {tuple(path.split(".")[:2]) for path in paths if path}


def _calls(name, what, klpx, bound, kernel="settled"):
    return Row(
        name,
        what,
        "instructions",
        f"icount.calls.{klpx}.cycles",
        (bound,),
        f"icount.calls.kernel.{kernel}.cycles",
        "icount.calls.plain.cycles",
        alone="icount.calls.raw.cycles",
    )


def _than_kernel(factor, kernel):
    return Bound(factor, f"timing.{kernel}")


def _timed(name, what, path, factor):
    kernel = path.format("kernel")
    return Row(
        name,
        what,
        "s",
        f"timing.{path.format('klpx')}",
        (_than_kernel(factor, kernel),),
        f"timing.{kernel}",
    )


_VFORK = "timing.forks"

ROWS = (
    Row(
        "call-plain",
        "a call, nothing patched",
        "instructions",
        "icount.calls.plain.cycles",
        (),
        "icount.calls.plain.cycles",
    ),
    _calls("call-hot", "extra per call, settled, hot function", "fastpath", Bound(4)),
    _calls("call-handler", "extra per call, settled, fast path off", "klpx.settled", Bound(82)),
    _calls(
        "call-switched",
        "extra per call, in transition, switched task",
        "klpx.switched",
        Bound(1, "icount.calls.kernel.switched.cycles"),
        "switched",
    ),
    _calls(
        "call-pending",
        "extra per call, in transition, pending task",
        "klpx.pending",
        Bound(1, "icount.calls.kernel.pending.cycles"),
        "pending",
    ),
    Row(
        "stub-returns",
        "stub in user space, leaf ten frames deep",
        "cycles",
        "host.stub.klpx",
        (Bound(1.3, "host.stub.bare"),),
        alone="host.stub.bare",
    ),
    _timed("enable-idle", "enable, idle, 1 function", "enable.{}.enable_1", 1 / 15),
    _timed("disable-500", "disable, idle, 500 functions", "enable.{}.disable_500", 1 / 200),
    _timed(
        "enable-500-20k", "enable, 500 functions, 20,000 threads", "crowd.{}.enable_500", 1 / 20
    ),
    _timed("enable-1-20k", "enable, 1 function, 20,000 threads", "crowd.{}.enable_1", 1),
    Row(
        "pass-growth",
        "a pass over 20,000 tasks, 500 functions for 1",
        "s",
        "timing.passes.klpx.first_500",
        (Bound(1.3, "timing.passes.klpx.first_1"),),
        "timing.passes.kernel.first_500",
        alone="timing.passes.klpx.first_1",
    ),
    Row(
        "pass-later",
        "a later pass, 10 of 20,000 tasks left",
        "s",
        "timing.passes.klpx.later_1",
        (Bound(0.01, "timing.passes.klpx.first_1"),),
        "timing.passes.kernel.later_1",
        alone="timing.passes.klpx.first_1",
    ),
    Row(
        "pass-later-tasks",
        "the same, tasks looked at",
        "tasks",
        "timing.passes.klpx.later_tasks",
        (Bound(0.01, "timing.passes.klpx.first_tasks"),),
        alone="timing.passes.klpx.first_tasks",
    ),
    Row(
        "vfork-worst-500",
        "worst vfork meanwhile, 500 functions, 20,000 threads",
        "ms",
        f"{_VFORK}.klpx.worst_500",
        (Bound(1 / 300, f"{_VFORK}.kernel.worst_500"), Bound(3, f"{_VFORK}.alone.worst")),
        f"{_VFORK}.kernel.worst_500",
        alone=f"{_VFORK}.alone.worst",
    ),
    Row(
        "vfork-worst-1",
        "worst vfork meanwhile, 1 function, 20,000 threads",
        "ms",
        f"{_VFORK}.klpx.worst_1",
        (Bound(3, f"{_VFORK}.alone.worst"),),
        f"{_VFORK}.kernel.worst_1",
        alone=f"{_VFORK}.alone.worst",
    ),
    Row(
        "vfork-rate-500",
        "vforks meanwhile, 500 functions, 20,000 threads",
        "1/s",
        f"{_VFORK}.klpx.rate_500",
        (Bound(0.8, f"{_VFORK}.alone.rate", least=True),),
        f"{_VFORK}.kernel.rate_500",
        alone=f"{_VFORK}.alone.rate",
    ),
    Row(
        "preemption-off",
        "longest wait of a real-time thread, 500 functions, 20,000 threads",
        "ms",
        "preempt.delays.klpx.worst",
        (Bound(1),),
        "preempt.delays.kernel.worst",
    ),
    Row(
        "asleep-1000",
        "enable, 1,000 tasks asleep in the function, signals after 1 s",
        "s",
        "timing.nappers.klpx.enable",
        (Bound(2),),
        "timing.nappers.kernel.enable",
    ),
    Row(
        "asleep-signals",
        "the same, tasks signalled that did not block",
        "tasks",
        "timing.nappers.klpx.innocent",
        (Bound(0),),
    ),
    _timed(
        "kthread", "enable, a kthread that calls cond_resched() keeps a CPU", "spinner.{}.enable", 1
    ),
    Row(
        "memory",
        "memory during a transition, per task",
        "bytes",
        "timing.memory.klpx.bytes",
        (Bound(128),),
    ),
    Row(
        "report",
        "report of 10 blockers, 20,000 threads, our engine",
        "s",
        "timing.report.klpx.ours",
        (Bound(1 / 50, "timing.report.klpx.proc"),),
        alone="timing.report.klpx.proc",
    ),
    Row(
        "report-kernel",
        "the same for a transition of the kernel's engine",
        "s",
        "timing.report.kernel.ours",
        (Bound(1 / 5, "timing.report.kernel.proc"),),
        alone="timing.report.kernel.proc",
    ),
)


def chosen(names):
    """The rows of these names, or all rows; KeyError names the unknown ones."""
    known = {row.name: row for row in ROWS}
    return [known[name] for name in names] or list(ROWS)
