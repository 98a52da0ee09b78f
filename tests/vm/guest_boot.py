# SPDX-License-Identifier: GPL-2.0
"""One boot that runs guest tests: the output and the result of each.

Knows the frame that guest/run-tests puts around each test, in its output and in
the kernel log. A boot may end early, so that some tests are not started.
"""

import io
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import leaks
import splats
import vm
from common import BUILD

LOGS = BUILD / "vm" / "guest-tests"
EMULATOR_FAULTS_FORGIVEN = 2
EXIT_SKIP = 77
_RUN = "KLPX_BOOT={} /bin/bash /opt/klpx/.vm/run-tests {}"
_BEGIN = r"^klpx-vm: begin {}\n"  # in a kernel log it does not begin the line
_END = re.compile(r"^klpx-vm: end \S+ (\d+) (\d+)$", re.MULTILINE)
_MARK = re.compile(r"klpx-vm: (?:begin (\S+)|looking for leaks)$", re.MULTILINE)
_EXPECTED = re.compile(r"^# splat: (.*)$", re.MULTILINE)


@dataclass
class Outcome:
    """The result of one test."""

    name: str
    verdict: str  # PASS, FAIL or SKIP
    why: str
    output: str
    seconds: float


@dataclass
class Boot:
    """The result of one boot."""

    outcomes: list  # of the tests that began, in their order
    unclaimed: str = ""  # an error that cannot be attributed to a test


def run(paths, kernel, seconds, machine):
    """Runs the tests, each for at most that many seconds, on such a machine."""
    names = [path.name for path in paths]
    result, text = _boot(names, kernel, seconds, machine)
    log = (
        result.console.read_text(encoding="utf-8", errors="replace")
        if result.console.exists()
        else ""
    )
    found = splats.by_marker(log, _MARK) if log else {}
    leaked = leaks.claim(found, log)
    outcomes = []
    for path in paths:
        expected = _EXPECTED.findall(path.read_text(encoding="utf-8"))
        missing = splats.take(found.get(path.name, []), expected)
        outcome = _outcome(path.name, text, found.get(path.name), result, kernel)
        if not outcome:
            break
        if missing and outcome.verdict == "PASS":
            outcome.verdict = "FAIL"
            outcome.why = f"the kernel log holds no splat {missing}"
        outcomes.append(outcome)
        _keep(outcome, result)
        if outcome.verdict == "FAIL":
            break
    claimed = {outcome.name for outcome in outcomes}
    loose = [
        splat
        for there in (found, leaked)
        for name, some in there.items()
        if name not in claimed
        for splat in some
    ]
    for outcome in outcomes:
        if outcome.name in leaked:
            outcome.verdict = "FAIL"
            outcome.why = f"it leaked:\n{splats.as_text(leaked[outcome.name])}"
    boot = Boot(outcomes, splats.as_text(loose))
    if not outcomes:
        boot.outcomes.append(Outcome(names[0], "FAIL", result.problem, text, result.seconds))
    return boot


def _boot(names, kernel, seconds, machine):
    """(vm.Result, the output); boots again if the emulator failed."""
    # The guest enforces the limit of each test; this one is for a dead guest.
    patience = seconds * (2 + len(names) // 4)
    for _ in range(1 + EMULATOR_FAULTS_FORGIVEN):
        output = io.BytesIO()
        try:
            result = _all_boots(
                f"{seconds} {' '.join(names)}", kernel, output, timeout=patience, **machine
            )
        except vm.EmulatorCrash as crash:
            result = vm.Result(None, str(crash), Path("no console"), 0, emulator_fault=True)
        if not result.emulator_fault:
            break
        print(
            f"AGAIN {' '.join(names)}: QEMU's fault: "
            f"{result.problem.splitlines()[-1]} ({result.console})",
            flush=True,
        )
    return result, output.getvalue().decode(errors="replace")


def _all_boots(words, kernel, output, boots=1, disk=0, systemd=0, **machine):
    """Boots as often as the test asks for; returns the last boot's result."""
    seconds = 0
    LOGS.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=LOGS) as image:
        image.truncate(disk << 20)
        for boot in range(1, boots + 1):
            result = vm.boot(
                vm.Request(
                    kernel,
                    [_RUN.format(boot, words)],
                    out=output,
                    err=output,
                    disk=Path(image.name) if disk else None,
                    arguments="klpx.systemd" if systemd else "",
                    **machine,
                )
            )
            seconds += result.seconds
            result.seconds = seconds
            if not result.problem and result.was_reset != (boot < boots):
                result.problem = f"boot {boot} of {boots}: " + (
                    "reset"
                    if result.was_reset
                    else f"ended with status {result.status}, not with a reset"
                )
            if result.problem:
                break
    return result


def _outcome(name, text, splats_there, result, kernel):
    """None if the test has not begun."""
    begins = [
        match.end() for match in re.finditer(_BEGIN.format(re.escape(name)), text, re.MULTILINE)
    ]
    if not begins:
        return None
    first, last = begins[0], begins[-1]  # if there were several boots
    output = (
        text[first:last] + re.split(r"^klpx-vm: ", text[last:], maxsplit=1, flags=re.MULTILINE)[0]
    )
    end = _END.match(text, first + len(output))
    seconds = int(end[2]) if end else result.seconds
    if splats_there:
        why = "the kernel log holds a splat:\n" + splats.as_text(splats_there)
        return Outcome(name, "FAIL", why, output, seconds)
    if not end:
        return Outcome(name, "FAIL", result.problem or "it never ended", output, seconds)
    verdict, why = _verdict(int(end[1]), output, kernel)
    return Outcome(name, verdict, why, output, seconds)


def _verdict(status, output, kernel):
    if status == EXIT_SKIP:
        last = output.strip().rsplit("\n", 1)[-1]
        feature = last.removeprefix("SKIP:").split()[0] if last else "?"
        if feature in kernel.features:
            return "FAIL", f"skipped without {feature}, which this kernel has"
        return "SKIP", f"no {feature}"
    if status:
        return "FAIL", f"exit {status}"
    return "PASS", ""


def _keep(outcome, result):
    stem = outcome.name.rsplit(".", 1)[0]
    (LOGS / f"{stem}.output").write_text(outcome.output)
    if result.console.exists():
        shutil.copy(result.console, LOGS / f"{stem}.dmesg")
