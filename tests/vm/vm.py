# SPDX-License-Identifier: GPL-2.0
"""./run vm: boots a guest, runs one command in it, judges its kernel log.

The guest's output comes through two pipes, separately from the kernel's, which
goes to console.log in a directory of this run below build/vm/. Files that the
guest leaves in .vm/kept are kept there.
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import build
import initramfs
import kernels
import payload
import qemu
import splats
from common import BUILD, EXIT_HARNESS, EXIT_TIMEOUT, HarnessError, main, note

RUNS_KEPT = 40
TIMEOUT_SECONDS = 1800
BOOT_SECONDS = 600  # to process 1, on the slowest kernel and a loaded host
LOG_TAIL_LINES = 40


class EmulatorCrash(HarnessError):
    """QEMU itself has crashed: nothing is known about the guest."""


@dataclass
class Request:
    """One boot. out and err get the guest's output, as it comes."""

    kernel: kernels.Kernel
    command: list
    cpus: int = 2
    memory: int = 2048
    icount: bool = False
    timeout: float = TIMEOUT_SECONDS
    copies: tuple = ()
    arguments: str = ""  # added to the kernel's command line
    disk: Path | None = None  # see qemu.Machine
    programs: Path = BUILD  # where CMake built the guest's programs
    out: object = None
    err: object = None


@dataclass
class Result:
    """status is COMMAND's, or None; problem is what the harness found wrong."""

    status: int | None
    problem: str
    console: Path
    seconds: float
    timed_out: bool = False
    was_reset: bool = False  # by COMMAND, which wrote .vm/reset before
    emulator_fault: bool = False  # see _is_emulator_fault()

    @property
    def exit_status(self):
        if self.timed_out:
            return EXIT_TIMEOUT
        failed = self.problem or self.status is None
        return EXIT_HARNESS if failed else self.status


def _run_directory():
    """A fresh directory for one boot; the oldest ones are removed."""
    runs = BUILD / "vm" / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    for old in sorted(runs.iterdir(), key=lambda path: path.name)[:-RUNS_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    stamp = time.strftime("%m%d-%H%M%S-")
    return Path(tempfile.mkdtemp(prefix=stamp, dir=runs))


def _pump(descriptor, sink):
    """Passes on the guest's output; continues if its reader has left."""
    with os.fdopen(descriptor, "rb", buffering=0) as source:
        while data := source.read(65536):
            with contextlib.suppress(BrokenPipeError):
                sink.write(data)
                sink.flush()


def _end(process, request, sign_of_life):
    """Waits for QEMU's end and returns its output; else TimeoutExpired."""
    boot_seconds = min(BOOT_SECONDS, request.timeout)
    try:
        return process.communicate(timeout=boot_seconds)[0]
    except subprocess.TimeoutExpired:
        if not sign_of_life.exists():
            raise
    return process.communicate(timeout=request.timeout - boot_seconds)[0]


def _execute(request, machine, accelerator, pipes, sign_of_life):
    """Runs QEMU to its end or the deadline; True if it ended by itself."""
    pumps = [
        threading.Thread(target=_pump, args=(read_end, sink), daemon=True)
        for (read_end, _), sink in pipes
    ]
    with subprocess.Popen(
        qemu.command(machine, accelerator),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        pass_fds=tuple(machine.ports.values()),
    ) as process:
        for descriptor in machine.ports.values():
            os.close(descriptor)
        for pump in pumps:
            pump.start()
        try:
            text = _end(process, request, sign_of_life)
        except subprocess.TimeoutExpired:
            return False
        finally:
            process.kill()
    for pump in pumps:
        pump.join()
    if process.returncode:
        raise EmulatorCrash(f"{qemu.QEMU}: exit {process.returncode}: {text.strip()}")
    return True


def boot(request):
    """Boots one guest and waits for it to power off."""
    directory = _run_directory()
    share = directory / "share"
    archive = initramfs.build(request.kernel)
    accelerator = qemu.accelerator(request.kernel.image, archive)
    share.mkdir()
    payload.fill(share, request, accelerator)
    pipes = [
        (os.pipe(), request.out or sys.stdout.buffer),
        (os.pipe(), request.err or sys.stderr.buffer),
    ]
    machine = qemu.Machine(
        image=request.kernel.image,
        initramfs=archive,
        console=directory / "console.log",
        cpus=request.cpus,
        memory=request.memory,
        icount=request.icount,
        shares=(
            ("/", "klpx.root", True),
            (share, "klpx.share", False),
            (request.kernel.modules, "klpx.modules", True),
        ),
        ports={"klpx.out": pipes[0][0][1], "klpx.err": pipes[1][0][1]},
        arguments=request.arguments,
        disk=request.disk,
    )
    start = time.monotonic()
    ended = _execute(request, machine, accelerator, pipes, share / "booted")
    result = _judge(machine.console, share, ended, request, accelerator)
    result.seconds = time.monotonic() - start
    if (share / "kept").exists():
        shutil.move(share / "kept", directory / "kept")
    shutil.rmtree(share, ignore_errors=True)
    return result


def _is_emulator_fault(never_booted, found):
    """True if QEMU is at fault, not the kernel or klpx.

    Seen with multi-threaded TCG: a CPU gets no timer interrupts any more after
    the guest has changed its clock source. The kernel then waits for ever,
    before process 1 and long before klpx.ko is loaded. The other fault is
    recognized by its splat.
    """
    return never_booted or (bool(found) and splats.is_emulator_fault(found[0]))


def _judge(console, control, ended, request, accelerator):
    status_file = control / "status"
    text = status_file.read_text().strip() if status_file.exists() else ""
    status = int(text) if text else None
    result = Result(status, "", console, 0, timed_out=not ended)
    if not ended and not console.exists():
        result.problem = f"the guest did not boot within {request.timeout} s"
        return result
    found = splats.report(console)
    never_booted = (
        not ended and request.timeout >= BOOT_SECONDS and not (control / "booted").exists()
    )
    result.emulator_fault = accelerator == "tcg" and _is_emulator_fault(never_booted, found)
    if found:
        result.problem = "the kernel log holds a splat:\n" + splats.as_text(found)
    elif never_booted:
        result.problem = f"process 1 did not start within {BOOT_SECONDS} s"
    elif not ended:
        result.problem = f"still running after {request.timeout} s"
    elif status is None and (control / "reset").exists():
        result.was_reset = True
    elif status is None:
        tail = console.read_text(errors="replace").splitlines()
        result.problem = "the guest ended before COMMAND had ended:\n" + "\n".join(
            tail[-LOG_TAIL_LINES:]
        )
    return result


def _parse(arguments):
    parser = argparse.ArgumentParser(prog="run vm", usage="run vm [OPTION]... -- COMMAND...")
    parser.add_argument("--kernel", default=kernels.DEFAULT)
    parser.add_argument("--cpus", type=int, default=2)
    parser.add_argument("--memory", type=int, default=2048, metavar="MB")
    parser.add_argument(
        "--icount", action="store_true", help="guest time counts instructions, for exact costs"
    )
    parser.add_argument(
        "--copy",
        action="append",
        default=[],
        type=Path,
        metavar="PATH",
        help="copy it to /copy/ in the guest",
    )
    parser.add_argument("--timeout", type=float, default=TIMEOUT_SECONDS)
    parser.add_argument(
        "--no-build", action="store_true", help="use the existing build, even if it is stale"
    )
    if "--" not in arguments or arguments[-1] == "--":
        parser.error("needs '-- COMMAND...'")
    split = arguments.index("--")
    options = parser.parse_args(arguments[:split])
    options.command = arguments[split + 1 :]
    for path in options.copy:
        if not path.exists():
            parser.error(f"--copy {path}: no such file or directory")
    if options.cpus < 1 or options.memory < 256:
        parser.error("a guest needs at least one CPU and 256 MB")
    return options


def vm(arguments):
    options = _parse(arguments)
    kernel = kernels.find(options.kernel)
    if not options.no_build:
        build.build_all(kernel)
    return boot_and_report(
        Request(
            kernel,
            options.command,
            options.cpus,
            options.memory,
            options.icount,
            options.timeout,
            tuple(path.resolve() for path in options.copy),
        )
    )


def boot_and_report(request):
    """boot(), with its problem as a message; returns the exit status."""
    result = boot(request)
    if result.problem:
        note(f"{result.problem}\nrun: kernel log: {result.console}")
    if result.emulator_fault:
        note(
            "this is a fault of QEMU, not of the kernel (see "
            "_is_emulator_fault()); run it again, best on a less busy machine"
        )
    return result.exit_status


if __name__ == "__main__":
    main(vm)
