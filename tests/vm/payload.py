# SPDX-License-Identifier: GPL-2.0
"""The files that a guest gets: those of /opt/klpx, and its directory .vm.

The files are one archive, which the guest unpacks into its memory: otherwise
each would be fetched from the host each time it is opened. Only .vm is shared;
there the guest finds COMMAND and leaves its status.
"""

import os
import shlex
import shutil
import tarfile
from pathlib import Path

import modules
from common import BUILD, ROOT, locked, run

GUEST = Path(__file__).with_name("guest")


def programs(directory):
    """The executables that the linker left in a build directory."""
    return [path for path in directory.glob("*") if path.is_file() and os.access(path, os.X_OK)]


def _installed(cmake):
    """What packaging/ installs, as below a prefix."""
    staged = BUILD / "vm/installed"
    run(
        ["cmake", "--install", cmake / "packaging", "--prefix", staged], "cmake --install packaging"
    )
    return staged


def _files(request):
    """(place below /opt/klpx, file or directory); not all of them exist."""
    built = modules.output(request.kernel)
    cmake = request.programs
    yield "klpx.ko", built / "klpx.ko"
    yield "examples", built / "examples"
    yield "patches", built / "patches"
    yield "guest", ROOT / "tests/guest"
    yield "demo", ROOT / "tests/guest/demo"
    yield "page", ROOT / "tests/page"
    yield "OPERATING.md", ROOT / "docs/OPERATING.md"
    yield "installed", _installed(cmake)
    yield "bpf/gentle.bpf.o", cmake / "bpf/gentle.bpf.o"
    yield "bpf/tracer_bpf.bpf.o", cmake / "bpf/tracer_bpf.bpf.o"
    yield "bin/klp-controller", cmake / "controller/klp-controller"
    for program in programs(cmake / "tests/guest/workloads"):
        yield f"workloads/{program.name}", program


def _stripped(path, flags):
    """A copy without debugging data: 30 times less to transfer."""
    small = BUILD / "vm/stripped" / path.relative_to(BUILD)
    if not small.exists() or small.stat().st_mtime < path.stat().st_mtime:
        small.parent.mkdir(parents=True, exist_ok=True)
        partial = small.with_suffix(".partial")
        run(["strip", *flags, "-o", partial, path], f"strip {path.name}")
        partial.rename(small)
    return small


def _add(archive, name, path):
    if path.is_dir():
        for below in sorted(path.iterdir()):
            _add(archive, f"{name}/{below.name}", below)
        return
    if path.suffix == ".ko":
        path = _stripped(path, ["-g"])
    elif path.name == "klp-controller":
        path = _stripped(path, [])
    archive.add(path, name)


def _command(words):
    """One word is a shell command line; several are run as they are."""
    return words[0] if len(words) == 1 else shlex.join(words)


def fill(directory, request, accelerator):
    """Fills the directory that the guest sees as /opt/klpx/.vm."""
    for name in ("init", "fstab", "run-tests"):
        shutil.copy2(GUEST / name, directory / name)
    loaded = modules.output(request.kernel) / "guest"
    with locked(BUILD / "build.lock"):  # a half-written module does not load
        with tarfile.open(directory / "files.tar", "w") as archive:
            for name, path in _files(request):
                if path.exists():
                    _add(archive, name, path)
        if accelerator == "tcg" and loaded.exists():
            shutil.copytree(loaded, directory / "modules")
    (directory / "command").write_text(_command(request.command), encoding="utf-8")
    (directory / "copy").mkdir()
    for path in request.copies:
        target = directory / "copy" / path.name
        if path.is_dir():
            shutil.copytree(path, target, symlinks=True)
        else:
            shutil.copy2(path, target)
