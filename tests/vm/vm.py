# SPDX-License-Identifier: GPL-2.0
"""./run vm: boots a guest, runs one command in it, judges its kernel log.

The guest's output streams through two pipes, apart from the kernel's, which
goes to console.log in a directory of this run below build/vm/.
"""

import argparse
import contextlib
import os
import shlex
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
import modules
import qemu
import splats
from common import (BUILD, EXIT_HARNESS, EXIT_TIMEOUT, ROOT, HarnessError,
                    locked, main, note, run)

RUNS_KEPT = 40
TIMEOUT_SECONDS = 1800
LOG_TAIL_LINES = 40
GUEST = Path(__file__).with_name("guest")


class EmulatorCrash(HarnessError):
    """QEMU itself has died: nothing is known of the guest."""


@dataclass
class Request:
    """One boot. out and err take the bytes the guest writes, as they come."""
    kernel: kernels.Kernel
    command: list
    cpus: int = 2
    memory: int = 2048
    icount: bool = False
    timeout: float = TIMEOUT_SECONDS
    copies: tuple = ()
    arguments: str = ""  # more of the kernel's command line
    disk: Path | None = None  # see qemu.Machine
    out: object = None
    err: object = None


@dataclass
class Result:
    """status is COMMAND's, or None; problem is what the harness saw wrong."""
    status: int | None
    problem: str
    console: Path
    seconds: float
    timed_out: bool = False
    was_reset: bool = False  # by COMMAND, which wrote .vm/reset before
    emulator_fault: bool = False  # see splats.is_emulator_fault()

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


def _copy(source, target):
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def programs(directory):
    """The executables that the linker left in a build directory."""
    return [path for path in directory.glob("*")
            if path.is_file() and os.access(path, os.X_OK)]


def _stripped(program):
    """A copy without what only debuggers read: 30 times less to hand over."""
    program, small = BUILD / program, BUILD / "vm" / program
    if program.exists() and (not small.exists() or
                             small.stat().st_mtime < program.stat().st_mtime):
        small.parent.mkdir(parents=True, exist_ok=True)
        partial = small.with_suffix(".partial")
        run(["strip", "-o", partial, program], f"strip {program.name}")
        partial.rename(small)
    return small


def _stage(share, request, accelerator):
    """Fills what the guest sees as /opt/klpx."""
    built = modules.output(request.kernel)
    parts = {"klpx.ko": built / "klpx.ko", "examples": built / "examples",
             "patches": built / "patches", "guest": ROOT / "tests/guest",
             "demo": ROOT / "tests/guest/demo",
             "OPERATING.md": ROOT / "docs/OPERATING.md",
             "packaging": ROOT / "packaging",
             "bpf/gentle.bpf.o": BUILD / "bpf/gentle.bpf.o",
             "bpf/tracer_bpf.bpf.o": BUILD / "bpf/tracer_bpf.bpf.o",
             "bin/klp-controller": _stripped("controller/klp-controller")}
    for name, source in parts.items():
        if source.exists():
            _copy(source, share / name)
    for program in programs(BUILD / "tests/guest/workloads"):
        _copy(program, share / "workloads" / program.name)
    (share / "bin").mkdir(parents=True, exist_ok=True)
    (share / "bin/bpftool").symlink_to("/usr/sbin/bpftool")
    (share / "kernel-name").write_text(request.kernel.name + "\n")
    (share / "kernel-features").write_text(
        "".join(f"{name}\n" for name in request.kernel.features))
    control = share / ".vm"
    (control / "copy").mkdir(parents=True)
    for name in ("init", "fstab", "run-tests"):
        shutil.copy2(GUEST / name, control / name)
    if accelerator == "tcg" and (built / "guest").exists():
        _copy(built / "guest", control / "modules")
    (control / "command").write_text(_shell(request.command))
    for path in request.copies:
        _copy(path, control / "copy" / path.name)


def _shell(words):
    """One word is a shell command line; several are run as they are."""
    return words[0] if len(words) == 1 else shlex.join(words)


def _pump(descriptor, sink):
    """Hands on what the guest writes; a reader who left does not stop it."""
    with os.fdopen(descriptor, "rb", buffering=0) as source:
        while data := source.read(65536):
            with contextlib.suppress(BrokenPipeError):
                sink.write(data)
                sink.flush()


def _execute(request, machine, accelerator, pipes):
    """Runs QEMU to its end or the deadline; True if it ended by itself."""
    pumps = [threading.Thread(target=_pump, args=(read_end, sink), daemon=True)
             for (read_end, _), sink in pipes]
    with subprocess.Popen(qemu.command(machine, accelerator),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True,
                          pass_fds=tuple(machine.ports.values())) as process:
        for descriptor in machine.ports.values():
            os.close(descriptor)
        for pump in pumps:
            pump.start()
        try:
            text, _ = process.communicate(timeout=request.timeout)
        except subprocess.TimeoutExpired:
            return False
        finally:
            process.kill()
    for pump in pumps:
        pump.join()
    if process.returncode:
        raise EmulatorCrash(f"{qemu.QEMU}: exit {process.returncode}: "
                           f"{text.strip()}")
    return True


def boot(request):
    """Boots one guest and waits for it to power off."""
    directory = _run_directory()
    share = directory / "share"
    archive = initramfs.build(request.kernel)
    accelerator = qemu.accelerator(request.kernel.image, archive)
    with locked(BUILD / "build.lock"):  # a half-written module does not load
        _stage(share, request, accelerator)
    pipes = [(os.pipe(), request.out or sys.stdout.buffer),
             (os.pipe(), request.err or sys.stderr.buffer)]
    machine = qemu.Machine(
        image=request.kernel.image, initramfs=archive,
        console=directory / "console.log", cpus=request.cpus,
        memory=request.memory, icount=request.icount,
        shares=(("/", "klpx.root", True), (share, "klpx.share", False),
                (request.kernel.modules, "klpx.modules", True)),
        ports={"klpx.out": pipes[0][0][1], "klpx.err": pipes[1][0][1]},
        arguments=request.arguments, disk=request.disk)
    start = time.monotonic()
    ended = _execute(request, machine, accelerator, pipes)
    result = _judge(machine.console, share / ".vm", ended, request,
                    accelerator)
    result.seconds = time.monotonic() - start
    shutil.rmtree(share, ignore_errors=True)
    return result


def _judge(console, control, ended, request, accelerator):
    status_file = control / "status"
    text = status_file.read_text().strip() if status_file.exists() else ""
    status = int(text) if text else None
    result = Result(status, "", console, 0, timed_out=not ended)
    if not ended and not console.exists():
        result.problem = f"no boot within {request.timeout} s"
        return result
    found = splats.report(console)
    if found:
        result.problem = ("the kernel log holds a splat:\n"
                          + splats.as_text(found))
        result.emulator_fault = (accelerator == "tcg"
                                 and splats.is_emulator_fault(found[0]))
    elif not ended:
        result.problem = f"still running after {request.timeout} s"
    elif status is None and (control / "reset").exists():
        result.was_reset = True
    elif status is None:
        tail = console.read_text(errors="replace").splitlines()
        result.problem = ("the guest ended without running COMMAND to its end:"
                          "\n" + "\n".join(tail[-LOG_TAIL_LINES:]))
    return result


def _parse(arguments):
    parser = argparse.ArgumentParser(
        prog="run vm", usage="run vm [OPTION]... -- COMMAND...")
    parser.add_argument("--kernel", default=kernels.DEFAULT)
    parser.add_argument("--cpus", type=int, default=2)
    parser.add_argument("--memory", type=int, default=2048, metavar="MB")
    parser.add_argument("--icount", action="store_true",
                        help="guest time counts instructions: exact costs")
    parser.add_argument("--copy", action="append", default=[], type=Path,
                        metavar="PATH", help="copied to /copy/ in the guest")
    parser.add_argument("--timeout", type=float, default=TIMEOUT_SECONDS)
    parser.add_argument("--no-build", action="store_true",
                        help="use what is built, stale or not")
    if "--" not in arguments or arguments[-1] == "--":
        parser.error("needs '-- COMMAND...'")
    split = arguments.index("--")
    options = parser.parse_args(arguments[:split])
    options.command = arguments[split + 1:]
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
    result = boot(Request(
        kernel, options.command, options.cpus, options.memory, options.icount,
        options.timeout, tuple(path.resolve() for path in options.copy)))
    if result.problem:
        note(f"{result.problem}\nrun: kernel log: {result.console}")
    if result.emulator_fault:
        note("QEMU did this, not the kernel (splats.py says how it is known); "
             "run it again, best on a less busy machine")
    return result.exit_status


if __name__ == "__main__":
    main(vm)
