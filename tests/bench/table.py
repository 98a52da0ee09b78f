# SPDX-License-Identifier: GPL-2.0
"""Judges the rows against what was measured, and prints them as a table."""

from dataclasses import dataclass

from rows import Row

COLUMNS = ("row", "unit", "kernel", "klpx", "ratio", "beside", "bound", "")


@dataclass(frozen=True)
class Verdict:
    """One row with its numbers; None if not measured."""

    row: Row
    kernel: float | None
    klpx: float | None
    alone: float | None
    limits: tuple  # (limit or None, least) for each bound
    good: bool

    def as_json(self):
        return {
            "row": self.row.name,
            "what": self.row.what,
            "unit": self.row.unit,
            "kernel": self.kernel,
            "klpx": self.klpx,
            "alone": self.alone,
            "limits": [limit for limit, _ in self.limits],
            "pass": self.good,
        }


def look_up(results, path):
    """The value at 'boot.scenario.key...' of the results, or None."""
    for key in path.split("."):
        results = results.get(key) if isinstance(results, dict) else None
    return results


def _value(results, path, minus):
    value = look_up(results, path) if path else None
    if value is None or not minus:
        return value
    base = look_up(results, minus)
    return None if base is None else value - base


def _limit(results, row, bound):
    if not bound.of:
        return bound.factor
    value = _value(results, bound.of, row.minus)
    return None if value is None else value * bound.factor


def _kept(value, limit, least):
    if value is None or limit is None:
        return False
    return value >= limit if least else value <= limit


def judge(row, results):
    klpx = _value(results, row.klpx, row.minus)
    limits = tuple((_limit(results, row, bound), bound.least) for bound in row.bounds)
    return Verdict(
        row,
        _value(results, row.kernel, row.minus),
        klpx,
        _value(results, row.alone, row.minus),
        limits,
        all(_kept(klpx, *limit) for limit in limits),
    )


def number(value):
    if value is None:
        return "-"
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 0.001 else f"{value:.2g}"


def _ratio(verdict):
    if not verdict.kernel or verdict.klpx is None:
        return "-"
    ratio = verdict.klpx / verdict.kernel
    return f"{ratio:.2f}" if ratio >= 0.1 or ratio <= 0 else f"1/{1 / ratio:.0f}"


def _bound(verdict):
    return ", ".join(
        f"{'>=' if least else '<='} {number(limit)}" for limit, least in verdict.limits
    )


def _cells(verdict):
    return (
        verdict.row.what,
        verdict.row.unit,
        number(verdict.kernel),
        number(verdict.klpx),
        _ratio(verdict),
        number(verdict.alone),
        _bound(verdict),
        "pass" if verdict.good else "MISS",
    )


def as_text(verdicts):
    lines = [COLUMNS, *(_cells(verdict) for verdict in verdicts)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(COLUMNS))]
    return "\n".join(
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
        for line in lines
    )


def as_markdown(verdicts):
    head = [COLUMNS, ("---",) * len(COLUMNS)]
    return "\n".join(
        "| " + " | ".join(line) + " |"
        for line in [*head, *(_cells(verdict) for verdict in verdicts)]
    )
