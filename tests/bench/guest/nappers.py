# SPDX-License-Identifier: GPL-2.0
"""1,000 tasks asleep in the function that is patched.

The kernel's engine signals them after 15 s, and that cannot be changed. Ours is
told to signal them every second, as a policy would.
"""

import time

import engines
import system
import threads
from engines import OURS, THEIRS

NAPPERS = 1000
SIGNAL_SECONDS = 1
TRACING = "/sys/kernel/tracing"
EVENT = f"{TRACING}/events/klpx/klpx_signal_sent/enable"


def _signalling():
    start = time.monotonic()
    signals = 0
    OURS.start(nap=1)
    while OURS.in_transition():
        if time.monotonic() - start > SIGNAL_SECONDS * (signals + 1):
            system.write(OURS.attribute("signal"), 1)
            signals += 1
        time.sleep(system.POLL_SECONDS)
    return time.monotonic() - start


def _ours():
    system.write(f"{TRACING}/trace", "")
    system.write(EVENT, 1)
    seconds = _signalling()
    system.write(EVENT, 0)
    sent = [
        line
        for line in system.read(f"{TRACING}/trace").splitlines()
        if " klpx_signal_sent: " in line
    ]
    innocent = [line for line in sent if " comm=nappers " not in line]
    return {"enable": seconds, "signals": len(sent), "innocent": len(innocent)}


def measure():
    result = {}
    with engines.ready():
        with threads.napping(NAPPERS):
            result["kernel"] = {"enable": THEIRS.enable(nap=1)}
        THEIRS.disable()
        with threads.napping(NAPPERS):
            result["klpx"] = _ours()
        OURS.disable()
    return result
