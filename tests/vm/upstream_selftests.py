# SPDX-License-Identifier: GPL-2.0
"""./run upstream-tests: the kernel's own livepatch selftests and samples.

They come from Debian's source package, are built for klpx with only
klpx/upstream.h included first, and run in one VM. The modules' sources are not
changed; in the scripts, the engine's name is replaced (_REWRITES). Not part of
./run test, which must not need a download of 150 MB.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

import build
import kernels
import modules
import vm
from common import BUILD, CACHE, HarnessError, locked, main, note, run

PACKAGE = "linux-source-6.12"
SELFTESTS = Path("tools/testing/selftests/livepatch")
SAMPLES = Path("samples/livepatch")
GUEST_SCRIPT = "/opt/klpx/guest/upstream/run.sh"
TIMEOUT_SECONDS = 1800

# Texts that name the engine, not what it does, longest first.
_REWRITES = (
    ("/^livepatch:/", "/^(klpx_)?livepatch:/"),
    ("'^kernel/livepatch'", r"'\[klpx\]'"),
    ("file kernel/livepatch/* +p", "module klpx +p"),
    ("func klp_try_switch_task -p", "func debug_blocked -p"),
    ("/sys/kernel/livepatch", "/sys/kernel/klpx"),
    ("'livepatch:'", "'klpx:'"),
    ("livepatch: ", "klpx: "),
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


def _build_modules(kernel, source, work):
    """Builds every .c file of source, unchanged, as one module of klpx."""
    modules.mirror(source, work, lambda path: path.parent == source and path.suffix in (".c", ".h"))
    names = modules.one_module_per_file(work)
    with (work / "Kbuild").open("a", encoding="utf-8") as kbuild:
        kbuild.write("ccflags-y += -include klpx/upstream.h\n")
    symbols = modules.require_klpx(kernel)
    built = modules.kbuild(kernel, work, source, f"KBUILD_EXTRA_SYMBOLS={symbols}")
    if len(built) != len(names):
        raise HarnessError(f"{source}: {len(built)} modules of {len(names)} sources were built")
    return built


def _rewrite_scripts(source, target):
    unused = {old for old, _ in _REWRITES}
    for script in sorted(source.glob("*.sh")):
        text = script.read_text(encoding="utf-8")
        for old, new in _REWRITES:
            if old in text:
                unused.discard(old)
            text = text.replace(old, new)
        copy = target / script.name
        copy.write_text(text, encoding="utf-8")
        copy.chmod(0o755)
    if unused:
        raise HarnessError(
            f"{source}: no script has {sorted(unused)}; they have changed, and so must _REWRITES"
        )


def _prepare(kernel, tree, stage):
    """Fills stage with what the guest needs: scripts, modules, one program."""
    work = BUILD / "upstream" / kernel.name
    parts = {
        stage / "selftests/test_modules": SELFTESTS / "test_modules",
        stage / "samples": SAMPLES,
    }
    for target, part in parts.items():
        target.mkdir(parents=True)
        for module in _build_modules(kernel, tree / part, work / part.parts[0]):
            shutil.copy2(module, target / module.name)
    _rewrite_scripts(tree / SELFTESTS, stage / "selftests")
    for program in (tree / SELFTESTS).glob("*.c"):
        run(
            ["cc", "-O2", "-o", stage / "selftests" / program.stem, program],
            f"building {program.name}",
        )


def upstream_tests(arguments):
    parser = argparse.ArgumentParser(prog="run upstream-tests")
    parser.add_argument("--kernel", default=kernels.DEFAULT)
    parser.add_argument(
        "--no-build", action="store_true", help="use the existing klpx.ko, even if it is stale"
    )
    parser.add_argument(
        "tests", nargs="*", metavar="TEST", help="test-callbacks, ..., samples; default: all"
    )
    options = parser.parse_args(arguments)
    kernel = kernels.find(options.kernel)
    tree = _source()
    if not options.no_build:
        build.build_all(kernel)
    with tempfile.TemporaryDirectory() as directory:
        stage = Path(directory) / "upstream"
        with locked(BUILD / "build.lock"):
            _prepare(kernel, tree, stage)
        result = vm.boot(
            vm.Request(
                kernel, [GUEST_SCRIPT, *options.tests], copies=(stage,), timeout=TIMEOUT_SECONDS
            )
        )
    if result.problem:
        note(f"{result.problem}\nrun: kernel log: {result.console}")
    return result.exit_status


if __name__ == "__main__":
    main(upstream_tests)
