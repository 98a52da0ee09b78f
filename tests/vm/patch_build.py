# SPDX-License-Identifier: GPL-2.0
"""./run patch-build: builds the patch modules in any directory against klpx.

The build happens in a copy below build/, so that only the modules are added to
the directory. If klp-controller is built, it reports at once what klpx.ko would
refuse. Exits with 1 on any failure: no VM is run here.
"""

import argparse
import hashlib
import shutil
import subprocess
from pathlib import Path

import kernels
import modules
from common import BUILD, HarnessError, locked, main, note

_FAILURE = 1
_CONTROLLER = BUILD / "controller/klp-controller"
_PRODUCTS = (".o", ".ko", ".mod", ".cmd", ".mod.c", ".symvers", ".order")


def _is_input(path):
    return not path.name.endswith(_PRODUCTS)


def _checked(directory):
    if directory.is_file():
        raise HarnessError(
            f"patch-build '{directory}': is a file; give its directory, {directory.parent}"
        )
    if not directory.is_dir():
        raise HarnessError(f"patch-build '{directory}': no such directory")
    own = any((directory / name).exists() for name in ("Kbuild", "Makefile"))
    if not own and not any(directory.glob("*.c")):
        raise HarnessError(
            f"patch-build '{directory}': holds no Kbuild, no Makefile and no .c file"
        )
    return own


def _judge(module):
    """Reports mistakes in the description of the module's patch."""
    if not _CONTROLLER.exists():
        note(f"{module.name}: not checked; './run build' builds klp-controller, which does that")
        return
    result = subprocess.run(
        [_CONTROLLER, "info", module],
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    for line in result.stderr.splitlines():
        note(f"{module.name}: {line.removeprefix('klp-controller: ')}")


def _kernel(name):
    return kernels.running() if name == kernels.RUNNING else kernels.find(name)


def patch_build(arguments):
    parser = argparse.ArgumentParser(prog="run patch-build")
    parser.add_argument("directory", metavar="DIR", type=Path)
    parser.add_argument(
        "--kernel",
        default=kernels.DEFAULT,
        help="one of tests/vm/kernels.txt, or 'running' for the kernel of this machine",
    )
    options = parser.parse_args(arguments)
    source = options.directory.resolve()
    own_build_file = _checked(source)
    kernel = _kernel(options.kernel)
    key = hashlib.sha256(str(source).encode()).hexdigest()[:8]
    work = BUILD / "patch-build" / kernel.name / f"{source.name}-{key}"
    with locked(BUILD / "build.lock"):
        symbols = modules.require_klpx(kernel)
        work.mkdir(parents=True, exist_ok=True)
        modules.mirror(source, work, _is_input)
        if not own_build_file:
            modules.one_module_per_file(work)
        built = modules.kbuild(kernel, work, source, f"KBUILD_EXTRA_SYMBOLS={symbols}")
        for module in built:
            shutil.copy2(module, source / module.name)
    if not built:
        raise HarnessError(f"patch-build '{source}': built no module; does its Kbuild set obj-m?")
    for module in built:
        note(f"built {source / module.name} for {kernel.release}")
        _judge(source / module.name)


if __name__ == "__main__":
    main(patch_build, _FAILURE)
