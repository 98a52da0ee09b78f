# SPDX-License-Identifier: GPL-2.0
"""The rows of the benchmark: what is compared, where it comes from, its bound.

This is the one list; issue 4 has the table it was made from. A row names paths
into what the boots report ("timing.enable.klpx.one_idle"); a path that is not
there, or None, is not measured, and a bound on it is missed.
"""

from dataclasses import dataclass
from typing import NamedTuple


class Bound(NamedTuple):
    """klpx at most (or at least) factor times what a path says, or factor."""
    factor: float
    of: str = ""
    least: bool = False


@dataclass(frozen=True)
class Row:
    """minus is taken off both sides; source is what must run for the row."""
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
    return Row(name, what, "instructions", f"icount.calls.{klpx}.cycles",
               (bound,), f"icount.calls.kernel.{kernel}.cycles",
               "icount.calls.plain.cycles", alone="icount.calls.raw.cycles")


ROWS = (
    Row("call-plain", "a call, nothing patched", "instructions",
        "icount.calls.plain.cycles", (), "icount.calls.plain.cycles"),
    _calls("call-hot", "extra per call, settled, hot function", "fastpath",
           Bound(4)),
    _calls("call-handler", "extra per call, settled, fast path off",
           "klpx.settled", Bound(82)),
    _calls("call-switched", "extra per call, in transition, switched task",
           "klpx.switched", Bound(1, "icount.calls.kernel.switched.cycles"),
           "switched"),
    _calls("call-pending", "extra per call, in transition, pending task",
           "klpx.pending", Bound(1, "icount.calls.kernel.pending.cycles"),
           "pending"),
)


def chosen(names):
    """The rows of these names, all without any; KeyError names the unknown."""
    known = {row.name: row for row in ROWS}
    return [known[name] for name in names] or list(ROWS)
