# SPDX-License-Identifier: GPL-2.0
"""Measurements on the machine itself, not in a guest: Google Benchmarks."""

import json
import subprocess

import modules
from common import BUILD, HarnessError

PROGRAMS = BUILD / "tests/bench/cxx"
REPETITIONS = 5
PREFIX = "BM_"


def _arguments(kernel):
    built = modules.output(kernel)
    return {"stub": built / "klpx.ko", "core": built / "examples/klpx_demo_eventfd.ko"}


def _run(kernel, name):
    command = [
        PROGRAMS / f"{name}_benchmark",
        _arguments(kernel)[name],
        "--benchmark_format=json",
        f"--benchmark_repetitions={REPETITIONS}",
    ]
    result = subprocess.run([str(word) for word in command], check=False, stdout=subprocess.PIPE)
    if result.returncode:
        raise HarnessError(f"{name}_benchmark: exit {result.returncode}")
    return [
        run for run in json.loads(result.stdout)["benchmarks"] if run["run_type"] == "iteration"
    ]


def _least(runs, key):
    """{benchmark: its least value of all repetitions}."""
    values = {}
    for run in runs:
        name = run["name"].removeprefix(PREFIX)
        values[name] = min(values.get(name, run[key]), run[key])
    return values


def measure(kernel, scenarios):
    """stub: cycles; core: nanoseconds of CPU time."""
    key = {"stub": "tsc", "core": "cpu_time"}
    return {name: _least(_run(kernel, name), key[name]) for name in scenarios}
