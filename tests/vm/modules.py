# SPDX-License-Identifier: GPL-2.0
"""Kernel modules: klpx.ko, the examples and the test patches of one kernel.

The sources are mirrored into build/modules/NAME/src, times preserved, and
built there, so that the work tree stays clean. For a group whose sources have
not changed since it was last built, make is not called at all.
"""

import hashlib
import os
import shutil
from pathlib import Path

import klp_relocate
from common import BUILD, ROOT, HarnessError, note, run, write_if_changed

KLPX = "kmod"
IN_CHROOT = Path(__file__).with_name("in-chroot")
_SOURCES = {".c", ".h", ".klp", ".S", ".sh", ".rst"}
_BUILD_FILES = {"Kbuild", "Makefile"}


def output(kernel):
    return BUILD / "modules" / kernel.name


def is_source(path):
    return path.suffix in _SOURCES or path.name in _BUILD_FILES


def mirror(source, target, wanted=is_source):
    """Makes target hold source's wanted files, and no others of their kind."""
    names = set()
    for path in sorted(source.rglob("*")):
        if not path.is_file() or not wanted(path):
            continue
        name = path.relative_to(source)
        names.add(name)
        copy = target / name
        if not copy.exists() or _stamp(copy) != _stamp(path):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
    for path in target.rglob("*"):
        if (
            path.is_file()
            and wanted(path)
            and not path.name.endswith(".mod.c")
            and path.relative_to(target) not in names
        ):
            path.unlink()


def _stamp(path):
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def _digest(kernel, *directories):
    """A fingerprint of everything that a group of modules is made from."""
    lines = [str(kernel.headers)]
    for directory in directories:
        lines += [
            f"{path} {_stamp(path)}"
            for path in sorted(directory.rglob("*"))
            if path.is_file() and (is_source(path) or path.name == "Module.symvers")
        ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def kbuild(kernel, directory, source, *variables):
    """Builds directory, a mirror of source, as external modules."""
    return make(
        kernel,
        directory,
        source,
        "-C",
        kernel.headers,
        f"M={directory}",
        *variables,
        *_reproducible(kernel, directory, source),
        "modules",
    )


def make(kernel, directory, source, *arguments):
    """Runs make to build directory, a mirror of source; the modules built.

    What the compiler says is shown with the paths of source: those are the
    files to edit.
    """

    def shown(text):
        return text.replace(str(directory), str(source))

    output_text = run(
        [*_where(kernel), "make", "--no-print-directory", "-j2", *arguments],
        f"building the modules of {source}",
        shown,
        env=_environment(),
    )
    for line in output_text.splitlines():
        if "warning:" in line:
            note(shown(line))
    return sorted(directory.glob("*.ko"))


def _reproducible(kernel, directory, source):
    """Variables of make that keep this machine and this day out of modules.

    With KBUILD_BUILD_TIMESTAMP, pahole writes types in an order that does not
    depend on its threads. Of two maps that fit, the later is used.
    """
    name = source.relative_to(ROOT) if source.is_relative_to(ROOT) else "."
    maps = {kernel.headers.resolve().parent: "/usr/src", ROOT: ".", directory: f"./{name}"}
    flags = [f"-ffile-prefix-map={path}={shown}" for path, shown in maps.items()]
    return [
        f"KCPPFLAGS=-I{ROOT}/include {' '.join(flags)}",
        f"KBUILD_BUILD_TIMESTAMP=@{os.environ.get('SOURCE_DATE_EPOCH', 0)}",
    ]


def _where(kernel):
    """The prefix that runs a command where the kernel's modules are built."""
    if not kernel.chroot:
        return []
    return [IN_CHROOT, kernel.chroot, ROOT, kernel.tree]


def _environment():
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("MAKEFLAGS", "ARCH", "CROSS_COMPILE", "KBUILD_OUTPUT")
    }
    return {**kept, "LC_ALL": "C"}


def one_module_per_file(directory, flags=""):
    """Writes the Kbuild of a directory in which each .c file is a module.

    Those named NAME-PART.c are one module, NAME.
    """
    parts = {}
    for path in sorted(directory.glob("*.c")):
        if not path.name.endswith(".mod.c"):
            parts.setdefault(path.stem.split("-")[0], []).append(path.stem)
    text = ""
    for name, stems in parts.items():
        text += f"obj-m += {name}.o\n"
        if stems != [name]:
            text += f"{name}-y := {' '.join(f'{stem}.o' for stem in stems)}\n"
    write_if_changed(directory / "Kbuild", f"{text}ccflags-y += {flags}\n")
    return sorted(parts)


def _built_before(stamp, digest):
    return stamp.exists() and stamp.read_text() == digest


def _install(built, target):
    """Puts the built modules in target, and removes those no longer built."""
    target.mkdir(parents=True, exist_ok=True)
    for module in built:
        shutil.copy2(module, target / module.name)
    for module in target.glob("*.ko"):
        if module.name not in {path.name for path in built}:
            module.unlink()


def build_klpx(kernel):
    """Builds klpx.ko and its Module.symvers; False without kmod/."""
    source = ROOT / KLPX
    if not (source / "Kbuild").exists():
        note("kmod/Kbuild: not there, no klpx.ko")
        return False
    out = output(kernel)
    digest = _digest(kernel, source, ROOT / "include")
    stamp = out / "klpx.stamp"
    if _built_before(stamp, digest):
        return True
    note(f"building klpx.ko for {kernel.release}")
    mirror(source, out / "src" / KLPX)
    mirror(ROOT / "include", out / "src" / "include")
    kbuild(kernel, out / "src" / KLPX, source, "W=1")
    for name in ("klpx.ko", "Module.symvers"):
        shutil.copy2(out / "src" / KLPX / name, out / name)
    stamp.write_text(digest)
    return True


def build_each(kernel, directory, label, needs_klpx=True):
    """Builds every .c file of a directory of the repository as a module."""
    source = ROOT / directory
    if not any(source.glob("*.c")):
        return
    out = output(kernel)
    symbols = out / "Module.symvers" if needs_klpx else None
    digest = _digest(kernel, source, ROOT / "include") + _sha(symbols)
    stamp = out / f"{label}.stamp"
    if _built_before(stamp, digest):
        return
    note(f"building {directory} for {kernel.release}")
    work = out / "src" / label
    work.mkdir(parents=True, exist_ok=True)
    mirror(source, work, lambda path: path.suffix in (".c", ".h"))
    one_module_per_file(work, "-Werror")
    built = kbuild(kernel, work, source, f"KBUILD_EXTRA_SYMBOLS={symbols or ''}")
    listed = _listed(work, built)
    _install(listed, out / label)
    for module in listed:
        listing = source / f"{module.stem}.klp"
        if listing.exists():
            klp_relocate.relocate(out / label / module.name, listing)
    stamp.write_text(digest)


def _sha(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path else ""


def _listed(work, built):
    """Only the modules of this build: a removed source leaves its .ko."""
    listed = {
        line.rsplit("/", 1)[-1].removesuffix(".o")
        for line in (work / "modules.order").read_text().split()
    }
    return [path for path in built if path.stem in listed]


def build_all(kernel):
    if build_examples(kernel):
        build_each(kernel, "tests/patches", "patches")


def build_examples(kernel):
    """Builds klpx.ko, the examples and modules for guests; False as above."""
    build_each(kernel, "tests/vm/guest/modules", "guest", needs_klpx=False)
    if not build_klpx(kernel):
        return False
    build_each(kernel, "examples", "examples")
    return True


def require_klpx(kernel):
    build_klpx(kernel)
    symbols = output(kernel) / "Module.symvers"
    if not symbols.exists():
        raise HarnessError(f"klpx.ko for kernel '{kernel.name}': not built")
    return symbols
