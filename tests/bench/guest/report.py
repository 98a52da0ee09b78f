# SPDX-License-Identifier: GPL-2.0
"""The time to report which 10 of 20,000 threads block a transition."""

import shutil
import subprocess
import time

import engines
import system
import threads
from engines import OURS, THEIRS

BLOCKERS = 10
UNPATCHED = "0"  # the side of the tasks that have not been switched
SETTLE_SECONDS = 3


def _ask(program, argument):
    """Seconds of a report, after checking that it found the blockers."""
    text = subprocess.run(
        [str(system.PROGRAMS / program), argument], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    seconds, found = text.split()
    if int(found) != BLOCKERS:
        raise RuntimeError(f"{program} found {found} tasks, not {BLOCKERS}")
    return float(seconds)


def _while_held(engine, ask):
    with threads.holding(BLOCKERS) as release:
        engine.start(hold=1)
        time.sleep(SETTLE_SECONDS)
        result = ask()
        release()
        engine.wait_enabled()
    engine.disable()
    return result


def _theirs():
    return {"ours": _ask("kernel_blockers", UNPATCHED), "proc": _ask("proc_blockers", UNPATCHED)}


def measure():
    with engines.ready(), threads.asleep():
        kernel = _while_held(THEIRS, _theirs)
        ours = _while_held(OURS, lambda: _ask("klpx_blockers", OURS.module()))
        # The observer's programs use klpx.ko.
        shutil.rmtree("/sys/fs/bpf/klpx")
    return {"kernel": kernel, "klpx": {"ours": ours, "proc": kernel["proc"]}}
