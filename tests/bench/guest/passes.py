# SPDX-License-Identifier: GPL-2.0
"""The time of one pass over the tasks, and how many tasks it checks.

Ten of 20,000 tasks block the transition: the first pass checks all, the later
ones check those ten. Timed by kprobes on the function that does a pass.
"""

import re
import statistics

import engines
import system
import threads
from engines import BOTH, OURS, THEIRS

TRACING = "/sys/kernel/tracing"
FUNCTION = {OURS.name: "klpx:klpx_worker", THEIRS.name: "klp_try_complete_transition"}
HOLDERS = 10
LATER_PASSES = 5
FEW, MANY = 1, 500
ROUNDS = {OURS.name: 3, THEIRS.name: 1}  # the fastest is taken
_LINE = re.compile(r"\s(\d+\.\d+): pass_(in|out): ")


class _Probe:
    """Times a function of the kernel, call by call."""

    def __init__(self, function):
        system.write(f"{TRACING}/trace_clock", "mono")
        system.write(
            f"{TRACING}/kprobe_events", f"p:bench/pass_in {function}\nr:bench/pass_out {function}\n"
        )

    def __enter__(self):
        system.write(f"{TRACING}/trace", "")
        system.write(f"{TRACING}/events/bench/enable", 1)
        return self

    def __exit__(self, *unused):
        system.write(f"{TRACING}/events/bench/enable", 0)
        system.write(f"{TRACING}/kprobe_events", "")

    def seconds(self):
        """The seconds of every call that has returned, in order."""
        spans, since = [], None
        for time, edge in _LINE.findall(system.read(f"{TRACING}/trace")):
            if edge == "in":
                since = float(time)
            elif since is not None:
                spans.append(float(time) - since)
        return spans


def _wait_passes(engine, probe, count):
    def enough():
        if engine is OURS and probe.seconds():
            system.write(engine.attribute("kick"), 1)
        return len(probe.seconds()) >= count

    system.wait_for(f"{count} passes", enough, poll=0.2)


def _tasks():
    return engines.stat("tasks_checked"), engines.stat("passes")


def _transition(engine, count):
    result = {}
    with threads.holding(HOLDERS) as release:
        with _Probe(FUNCTION[engine.name]) as probe:
            before = _tasks()
            engine.start(hold=1, count=count)
            _wait_passes(engine, probe, 1)
            first = _tasks()
            _wait_passes(engine, probe, 1 + LATER_PASSES)
            later = _tasks()
            seconds = probe.seconds()
        release()
        engine.wait_enabled()
    engine.disable()
    if engine is OURS:
        result["first_tasks"] = first[0] - before[0]
        result["later_tasks"] = (later[0] - first[0]) / (later[1] - first[1])
    return {
        f"first_{count}": seconds[0],
        f"later_{count}": statistics.median(seconds[1:]),
        **result,
    }


def _least(engine):
    runs = [
        {**_transition(engine, MANY), **_transition(engine, FEW)}
        for _ in range(ROUNDS[engine.name])
    ]
    return {key: min(run[key] for run in runs) for key in runs[0]}


def measure():
    with engines.ready(), threads.asleep():
        return {engine.name: _least(engine) for engine in BOTH}
