# SPDX-License-Identifier: GPL-2.0
"""The guest tests: every tests/guest/test_*, a few in each boot.

A test passes if it exits 0, leaves the guest as found and the kernel log
clean. It may ask for a machine: '# vm: cpus=4 memory=4096 timeout=600'. With
'boots=3 disk=64' it runs in three boots with a persistent disk of 64 MB
(/dev/vda); in each boot but the last it resets the machine
(tests/guest/lib/reboot.sh). KLPX_BOOT counts the boots; the timeout is for one.
With 'systemd=1' process 1 is systemd, with klpx installed
(tests/guest/lib/become_systemd.sh). A test with 'long=1' takes too long for
daily use, and runs with --long only. A test that provokes splats on purpose
announces them, with '# splat: REGEX' for the first line of each: exactly those
have to occur. A test skips by exiting 77 with 'SKIP: FEATURE' as its last line,
which is a failure on a kernel that has FEATURE in kernels.txt.

A boot takes longer than most tests, so tests that ask for the same machine
share boots. A test that fails in a shared boot is run again alone, and that
result is its verdict.
"""

import os
import re
from concurrent.futures import ThreadPoolExecutor

import guest_boot
from common import ROOT, note

TESTS = ROOT / "tests" / "guest"
TEST_TIMEOUT_SECONDS = 300
SLOW_KERNELS = {"debug": 6}  # how many times slower than the stock kernel
TESTS_IN_A_BOOT = 4
TESTS_IN_A_SLOW_BOOT = 8  # where the search for leaks at its end takes long too
DEFAULT_JOBS = os.cpu_count()  # a guest has two CPUs, and often waits
_MACHINE = re.compile(r"^(?:#|//) vm: (.*)$", re.MULTILINE)


def _tests(pattern, with_long):
    found = sorted(path for path in TESTS.glob("test_*") if path.suffix in (".sh", ".py"))
    return [
        path
        for path in found
        if re.search(pattern, path.stem) and (with_long or not _settings(path).get("long"))
    ]


def _settings(path):
    found = _MACHINE.search(path.read_text(encoding="utf-8"))
    words = dict(word.split("=") for word in found[1].split()) if found else {}
    return {name: int(value) for name, value in words.items()}


def _machine(path):
    """The settings that a test asks for: (seconds, the rest)."""
    settings = _settings(path)
    settings.pop("long", None)
    return settings.pop("timeout", TEST_TIMEOUT_SECONDS), settings


def _groups(tests, kernel):
    """The tests, grouped by those that will share boots.

    The longest first: begun last, one of them would be waited for alone.
    """
    alike = {}
    for path in tests:
        _, settings = _machine(path)
        alone = path.name if "boots" in settings else ""
        alike.setdefault((alone, *sorted(settings.items())), []).append(path)
    slow = kernel.name in SLOW_KERNELS
    size = TESTS_IN_A_SLOW_BOOT if slow else TESTS_IN_A_BOOT
    groups = [
        group[first : first + size]
        for group in alike.values()
        for first in range(0, len(group), size)
    ]
    return sorted(groups, reverse=True, key=lambda group: max(_machine(path)[0] for path in group))


def _boot(paths, kernel):
    slowness = SLOW_KERNELS.get(kernel.name, 1)
    seconds = max(_machine(path)[0] for path in paths) * slowness
    return guest_boot.run(paths, kernel, seconds, _machine(paths[0])[1])


def _run_alone(path, kernel):
    boot = _boot([path], kernel)
    (outcome,) = boot.outcomes
    if boot.unclaimed and outcome.verdict != "FAIL":
        outcome.verdict = "FAIL"
        outcome.why = f"the kernel log holds a splat:\n{boot.unclaimed}"
    return outcome


def _run(paths, kernel):
    """Yields the outcomes of a group, in as many boots as it takes."""
    while len(paths) > 1:
        boot = _boot(paths, kernel)
        good = [one for one in boot.outcomes if one.verdict != "FAIL"]
        alone = [one for one in boot.outcomes if one.verdict == "FAIL"]
        if boot.unclaimed:
            note(
                f"{' '.join(one.name for one in boot.outcomes)}: one of them "
                f"caused this; each is run alone:\n{boot.unclaimed}"
            )
            good, alone = [], boot.outcomes
        for one in alone:
            note(f"AGAIN {one.name}, alone: {one.verdict}: {one.why}\n{one.output}")
        yield from good
        again = {one.name for one in alone}
        yield from (_run_alone(path, kernel) for path in paths if path.name in again)
        paths = paths[len(boot.outcomes) :]
    yield from (_run_alone(path, kernel) for path in paths)


def _show(outcome):
    print(
        f"{outcome.verdict} {outcome.name} ({outcome.seconds:.1f} s)"
        f"{': ' + outcome.why if outcome.why else ''}",
        flush=True,
    )
    if outcome.verdict == "FAIL":
        print("\n".join(f"    {line}" for line in outcome.output.splitlines()), flush=True)


def _run_and_show(paths, kernel):
    verdicts = []
    for outcome in _run(paths, kernel):
        _show(outcome)
        verdicts.append(outcome.verdict)
    return verdicts


def run_all(kernel, pattern="", jobs=None, with_long=False):
    """Runs tests whose names match and prints the tally; True if all passed."""
    tests = _tests(pattern, with_long)
    verdicts = []
    with ThreadPoolExecutor(jobs or DEFAULT_JOBS) as pool:
        for some in pool.map(lambda group: _run_and_show(group, kernel), _groups(tests, kernel)):
            verdicts += some
    if not tests:
        print("no guest test matches", flush=True)
    passed, failed = verdicts.count("PASS"), verdicts.count("FAIL")
    print(f"{passed} passed, {failed} failed", flush=True)
    return bool(tests) and not failed
