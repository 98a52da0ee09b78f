# SPDX-License-Identifier: GPL-2.0
"""The guest tests: every tests/guest/test_*, each in a boot of its own.

A test passes if it exits 0, leaves the guest as found and the kernel log
clean. It may ask for a machine: '# vm: cpus=4 memory=4096 timeout=600'. With
'boots=3 disk=64' it is run in three boots with a disk of 64 MB (/dev/vda) that
lasts; in each but the last it resets the machine (tests/guest/lib/reboot.sh).
KLPX_BOOT counts them; timeout is for one. It
skips by exiting 77 with 'SKIP: FEATURE' as its last line, which is a failure
on a kernel that has FEATURE in kernels.txt.
"""

import io
import os
import re
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import vm
from common import BUILD, ROOT

TESTS = ROOT / "tests" / "guest"
LOGS = BUILD / "vm" / "guest-tests"
TEST_TIMEOUT_SECONDS = 300
SLOW_KERNELS = {"debug": 6}  # how many times slower than the stock kernel
DEFAULT_JOBS = os.cpu_count()  # a guest has two CPUs, and often waits
EMULATOR_FAULTS_FORGIVEN = 2
EXIT_SKIP = 77
_MACHINE = re.compile(r"^(?:#|//) vm: (.*)$", re.MULTILINE)

# Runs one test, then asks the guest whether anything was left behind.
_COMMAND = """
export KLPX_BOOT={boot}
/opt/klpx/guest/{name}
status=$?
clean=/opt/klpx/guest/lib/check_clean.sh
if [ $status -eq 0 ] && [ -x $clean ]; then
	$clean || status=1
fi
exit $status
"""


@dataclass
class Outcome:
    name: str
    verdict: str
    why: str
    output: str
    seconds: float


def _tests(pattern):
    found = sorted(path for path in TESTS.glob("test_*")
                   if path.suffix in (".sh", ".py"))
    return [path for path in found if re.search(pattern, path.stem)]


def _machine(path):
    found = _MACHINE.search(path.read_text(encoding="utf-8"))
    settings = dict(word.split("=") for word in found[1].split()) if found else {}
    return {name: int(value) for name, value in settings.items()}


def _verdict(result, output, kernel):
    if result.problem:
        return "FAIL", result.problem
    if result.status == EXIT_SKIP:
        last = output.strip().rsplit("\n", 1)[-1]
        feature = last.removeprefix("SKIP:").split()[0] if last else "?"
        if feature in kernel.features:
            return "FAIL", f"skipped for want of {feature}, which it has"
        return "SKIP", f"no {feature}"
    if result.status:
        return "FAIL", f"exit {result.status}"
    return "PASS", ""


def _all_boots(path, kernel, output, boots=1, disk=0, **machine):
    """Boots one test as often as it asks for; the result of the last boot."""
    seconds = 0
    with tempfile.NamedTemporaryFile(dir=BUILD / "vm") as image:
        image.truncate(disk << 20)
        for boot in range(1, boots + 1):
            result = vm.boot(vm.Request(
                kernel, [_COMMAND.format(name=path.name, boot=boot)],
                out=output, err=output,
                disk=Path(image.name) if disk else None, **machine))
            seconds += result.seconds
            result.seconds = seconds
            if not result.problem and result.was_reset != (boot < boots):
                result.problem = (f"boot {boot} of {boots}: " + (
                    "reset" if result.was_reset else
                    f"ended with status {result.status}, not with a reset"))
            if result.problem:
                break
    return result


def _boot(path, kernel):
    """Boots one test, again if the emulator failed: (result, output)."""
    settings = {"timeout": TEST_TIMEOUT_SECONDS, **_machine(path)}
    settings["timeout"] *= SLOW_KERNELS.get(kernel.name, 1)
    for _ in range(1 + EMULATOR_FAULTS_FORGIVEN):
        output = io.BytesIO()
        result = _all_boots(path, kernel, output, **settings)
        if not result.emulator_fault:
            break
        print(f"AGAIN {path.name}: a stale int3 of QEMU's: {result.console}",
              flush=True)
    return result, output.getvalue().decode(errors="replace")


def _run(path, kernel):
    result, text = _boot(path, kernel)
    verdict, why = _verdict(result, text, kernel)
    LOGS.mkdir(parents=True, exist_ok=True)
    (LOGS / f"{path.stem}.output").write_text(text)
    if result.console.exists():
        shutil.copy(result.console, LOGS / f"{path.stem}.dmesg")
    return Outcome(path.name, verdict, why, text, result.seconds)


def _show(outcome):
    print(f"{outcome.verdict} {outcome.name} ({outcome.seconds:.1f} s)"
          f"{': ' + outcome.why if outcome.why else ''}", flush=True)
    if outcome.verdict == "FAIL":
        print("\n".join(f"    {line}" for line in
                        outcome.output.splitlines()), flush=True)


def run_all(kernel, pattern="", jobs=None):
    """Runs the tests whose names match; prints the tally; True if all did."""
    tests = _tests(pattern)
    verdicts = []
    with ThreadPoolExecutor(jobs or DEFAULT_JOBS) as pool:
        for outcome in pool.map(lambda path: _run(path, kernel), tests):
            _show(outcome)
            verdicts.append(outcome.verdict)
    if not tests:
        print("no guest test matches", flush=True)
    passed, failed = verdicts.count("PASS"), verdicts.count("FAIL")
    print(f"{passed} passed, {failed} failed", flush=True)
    return bool(tests) and not failed
