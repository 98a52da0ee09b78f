# SPDX-License-Identifier: GPL-2.0
"""./run build: the kernel modules first, then what CMake builds.

The order matters: the BPF programs are compiled against the types of the
kernel and of klpx.ko.
"""

import argparse
import contextlib
import shutil

import kernels
import modules
from common import BUILD, ROOT, locked, main, run, run_counted

# What the guest's demo.sh and the libraries that it reads run.
DEMO_TARGETS = ("klp-controller", "eventfd_reader", "errno_of")


def build_all(kernel):
    """Builds what is stale; a second call takes a fraction of a second.

    A module that does not compile is no reason not to compile the rest.
    """
    with locked(BUILD / "build.lock"), contextlib.ExitStack() as last:
        last.callback(_cmake)
        modules.build_all(kernel)


def _cmake():
    if not (ROOT / "CMakeLists.txt").exists():
        return
    page = f"KLPX_PAGE:BOOL={'ON' if shutil.which('npm') else 'OFF'}"
    cache = BUILD / "CMakeCache.txt"
    if not (BUILD / "build.ninja").exists() or page not in cache.read_text(encoding="utf-8"):
        headers = kernels.find(kernels.DEFAULT).headers
        run(
            ["cmake", "--preset", "default", f"-D{page}", f"-DKLPX_VMLINUX={headers}/vmlinux"],
            "configuring with cmake",
            cwd=ROOT,
        )
    run_counted(["ninja", "-C", BUILD], "building klp-controller and the tests")


def build_demo(kernel):
    """Builds what the demo needs; returns the CMake build directory.

    If everything was built before, that build is updated, instead of building
    the controller a second time.
    """
    with locked(BUILD / "build.lock"):
        modules.build_examples(kernel)
        whole = (BUILD / "build.ninja").exists()
        programs = BUILD if whole else BUILD / "demo"
        if not (programs / "build.ninja").exists():
            run(
                ["cmake", "--preset", "demo", f"-DKLPX_VMLINUX={kernel.headers}/vmlinux"],
                "configuring with cmake",
                cwd=ROOT,
            )
        run_counted(["ninja", "-C", programs, *DEMO_TARGETS], "building klp-controller")
    return programs


def build(arguments):
    parser = argparse.ArgumentParser(prog="run build")
    parser.add_argument("--kernel", default=kernels.DEFAULT)
    options = parser.parse_args(arguments)
    build_all(kernels.find(options.kernel))


if __name__ == "__main__":
    main(build)
