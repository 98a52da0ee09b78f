# SPDX-License-Identifier: GPL-2.0
"""The boots of the benchmark: which machine each is, and what runs in it."""

import io
import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import modules
import payload
import vm
from common import BUILD, ROOT, HarnessError, locked

BENCH = ROOT / "tests/bench"
MODULES = ("tests/bench/modules", "bench")
PROGRAMS = BUILD / "tests/bench/programs"
TIMEOUT_SECONDS = 4 * 3600
EMULATOR_FAULTS_FORGIVEN = 2


@dataclass(frozen=True)
class Boot:
    cpus: int = 2
    memory: int = 2048
    icount: bool = False
    arguments: str = ""


BOOTS = {
    "icount": Boot(icount=True, arguments="nokaslr"),
    "preempt": Boot(memory=4096, icount=True, arguments="nokaslr preempt=full"),
    "timing": Boot(memory=6144),
    "curves": Boot(memory=8192),
}


def build(kernel):
    with locked(BUILD / "build.lock"):
        modules.build_each(kernel, *MODULES)


def _copies(kernel, directory):
    """The directories that the guest gets in /copy."""
    bench, programs = directory / "bench", directory / "programs"
    shutil.copytree(BENCH / "guest", bench)
    programs.mkdir()
    for program in payload.programs(PROGRAMS):
        shutil.copy2(program, programs)
    shutil.copytree(modules.output(kernel) / MODULES[1], directory / "modules")
    return bench, programs, directory / "modules"


def measure(kernel, name, scenarios):
    """Boots that machine, runs the scenarios, and returns what they report."""
    for _ in range(1 + EMULATOR_FAULTS_FORGIVEN):
        result, output = _boot(kernel, BOOTS[name], scenarios)
        if not result.emulator_fault:
            break
    if result.problem or result.status:
        raise HarnessError(
            f"bench, boot '{name}': "
            f"{result.problem or 'it failed, see above'}\n"
            f"kernel log: {result.console}"
        )
    return json.loads(output)


def _boot(kernel, boot, scenarios):
    output = io.BytesIO()
    with tempfile.TemporaryDirectory() as work:
        result = vm.boot(
            vm.Request(
                kernel,
                ["python3", "/copy/bench/main.py", *scenarios],
                boot.cpus,
                boot.memory,
                boot.icount,
                TIMEOUT_SECONDS,
                _copies(kernel, Path(work)),
                boot.arguments,
                out=output,
                err=sys.stderr.buffer,
            )
        )
    return result, output.getvalue()
