# SPDX-License-Identifier: GPL-2.0
"""./run upstream-tests: the kernel's own livepatch selftests and samples.

They come from Debian's source package and run in one VM. The modules' sources
are not changed. Without --adopt they are built for klpx with only
klpx/upstream.h included first, and in the scripts the engine's name is
replaced. With --adopt they are built by their own Makefiles, without anything
of klpx, and klpx adopts them; in the scripts only the name in the log changes.
Not part of ./run test, which must not need a download of 150 MB.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

import build
import kernels
import modules
import upstream_kpatch
import vm
from common import BUILD, CACHE, HarnessError, locked, main, note, run, write_if_changed

PACKAGE = "linux-source-6.12"
SELFTESTS = Path("tools/testing/selftests/livepatch")
SAMPLES = Path("samples/livepatch")
GUEST_SCRIPT = "/opt/klpx/guest/upstream/run.sh"
TIMEOUT_SECONDS = 1800

# What names the engine in the log, and the switches of what it logs.
_LOG_REWRITES = (
    ("'^kernel/livepatch'", r"'\[klpx\]'"),
    ("file kernel/livepatch/* +p", "module klpx +p"),
    ("func klp_try_switch_task -p", "func debug_blocked -p"),
    ("'livepatch:'", "'klpx:'"),
    ("livepatch: ", "klpx: "),
)
# Texts that name the engine, not what it does, longest first.
_REWRITES = (
    ("/^livepatch:/", "/^(klpx_)?livepatch:/"),
    ("/sys/kernel/livepatch", "/sys/kernel/klpx"),
    *_LOG_REWRITES,
)


def _fetch(tree):
    """Unpacks the two directories of the kernel's source into tree."""
    tree.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=tree.parent) as work:
        note(f"fetching the selftests from {PACKAGE}, once")
        run(["apt-get", "download", "-q", PACKAGE], f"downloading {PACKAGE}", cwd=work)
        (package,) = Path(work).glob("*.deb")
        run(["dpkg-deb", "-x", package, work], f"unpacking {package.name}")
        run(
            [
                "tar",
                "-xf",
                f"{work}/usr/src/{PACKAGE}.tar.xz",
                "-C",
                work,
                f"{PACKAGE}/{SELFTESTS}",
                f"{PACKAGE}/{SAMPLES}",
            ],
            f"unpacking {PACKAGE}.tar.xz",
        )
        (Path(work) / PACKAGE).rename(tree)


def _source():
    tree = CACHE / "upstream" / PACKAGE
    with locked(tree.with_suffix(".lock")):
        if not tree.exists():
            _fetch(tree)
    return tree


def _mirror(source, work, *build_files):
    modules.mirror(
        source,
        work,
        lambda path: (
            path.parent == source and (path.suffix in (".c", ".h") or path.name in build_files)
        ),
    )
    return sorted(work.glob("[!.]*.c"))


def _build_for_klpx(kernel, source, work):
    """Builds every .c file of source, unchanged, as one module of klpx."""
    sources = _mirror(source, work)
    objects = [f"obj-m += {path.stem}.o\n" for path in sources if not path.name.endswith(".mod.c")]
    write_if_changed(
        work / "Kbuild", "".join([*objects, "ccflags-y += -include klpx/upstream.h\n"])
    )
    symbols = modules.require_klpx(kernel)
    return modules.kbuild(kernel, work, source, f"KBUILD_EXTRA_SYMBOLS={symbols}")


def _build_ordinary(kernel, source, work):
    """Builds source with its own Makefile, as if there were no klpx."""
    _mirror(source, work, "Makefile")
    if source.parts[-2:] == SAMPLES.parts:
        return modules.make(
            kernel,
            work,
            source,
            "-C",
            kernel.headers,
            f"M={work}",
            "CONFIG_SAMPLE_LIVEPATCH=m",
            "modules",
        )
    return modules.make(kernel, work, source, "-C", work, f"KDIR={kernel.headers}", "modules")


def _build_modules(kernel, source, work, adopt):
    built = (_build_ordinary if adopt else _build_for_klpx)(kernel, source, work)
    count = len(list(source.glob("*.c")))
    if len(built) != count:
        raise HarnessError(f"{source}: {len(built)} modules of {count} sources were built")
    return built


def _rewrite_scripts(source, target, rewrites):
    unused = {old for old, _ in rewrites}
    for script in sorted(source.glob("*.sh")):
        text = script.read_text(encoding="utf-8")
        for old, new in rewrites:
            if old in text:
                unused.discard(old)
            text = text.replace(old, new)
        copy = target / script.name
        copy.write_text(text, encoding="utf-8")
        copy.chmod(0o755)
    if unused:
        raise HarnessError(
            f"{source}: no script has {sorted(unused)}; they have changed, and so must the table"
        )


def _prepare(kernel, tree, stage, adopt):
    """Fills stage with what the guest needs: scripts, modules, programs."""
    work = BUILD / ("upstream-adopt" if adopt else "upstream") / kernel.name
    parts = {
        stage / "selftests/test_modules": SELFTESTS / "test_modules",
        stage / "samples": SAMPLES,
    }
    for target, part in parts.items():
        target.mkdir(parents=True)
        for module in _build_modules(kernel, tree / part, work / part.parts[0], adopt):
            shutil.copy2(module, target / module.name)
    _rewrite_scripts(tree / SELFTESTS, stage / "selftests", _LOG_REWRITES if adopt else _REWRITES)
    for program in (tree / SELFTESTS).glob("*.c"):
        run(
            ["cc", "-O2", "-o", stage / "selftests" / program.stem, program],
            f"building {program.name}",
        )
    if adopt:
        shutil.copy2(upstream_kpatch.program(), stage / "kpatch")


def upstream_tests(arguments):
    parser = argparse.ArgumentParser(prog="run upstream-tests")
    parser.add_argument("--kernel", default=kernels.DEFAULT)
    parser.add_argument(
        "--adopt", action="store_true", help="build them without klpx, and let klpx adopt them"
    )
    parser.add_argument(
        "--no-build", action="store_true", help="use the existing klpx.ko, even if it is stale"
    )
    parser.add_argument(
        "tests",
        nargs="*",
        metavar="TEST",
        help="test-callbacks, ..., samples, and with --adopt kpatch; default: all",
    )
    options = parser.parse_args(arguments)
    kernel = kernels.find(options.kernel)
    tree = _source()
    if not options.no_build:
        build.build_all(kernel)
    with tempfile.TemporaryDirectory() as directory:
        stage = Path(directory) / "upstream"
        with locked(BUILD / "build.lock"):
            _prepare(kernel, tree, stage, options.adopt)
        result = vm.boot(
            vm.Request(
                kernel,
                [GUEST_SCRIPT, *(["--adopt"] if options.adopt else []), *options.tests],
                copies=(stage,),
                timeout=TIMEOUT_SECONDS,
            )
        )
    if result.problem:
        note(f"{result.problem}\nrun: kernel log: {result.console}")
    return result.exit_status


if __name__ == "__main__":
    main(upstream_tests)
