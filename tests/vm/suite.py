# SPDX-License-Identifier: GPL-2.0
"""./run test: unit tests, lint, and the guest tests, with one exit status."""

import argparse
import subprocess
import sys

import build
import guest_suite
import kernels
import packages
from common import BUILD, ROOT, main, note

PARTS = ("unit", "lint", "guest")
DEBUG_KERNEL = "debug"


def _parse(arguments):
    parser = argparse.ArgumentParser(prog="run test")
    parser.add_argument(
        "words",
        nargs="*",
        metavar="unit|lint|guest|FILTER",
        help="the parts to run; a FILTER selects tests by name",
    )
    parser.add_argument(
        "--kernel", default=kernels.DEFAULT, help="the kernel that the guest tests run on"
    )
    parser.add_argument(
        "--debug-kernel",
        dest="kernel",
        action="store_const",
        const=DEBUG_KERNEL,
        help="run the guest tests on the debug kernel",
    )
    parser.add_argument(
        "--long", action="store_true", help="also run the guest tests that take very long"
    )
    parser.add_argument("--jobs", type=int, help="number of guests at a time")
    options = parser.parse_intermixed_args(arguments)
    options.parts = [word for word in options.words if word in PARTS] or PARTS
    filters = [word for word in options.words if word not in PARTS]
    if len(filters) > 1:
        parser.error(f"one FILTER only, not {' '.join(filters)}")
    options.filter = filters[0] if filters else ""
    return options


def _unit(pattern):
    selection = ["-R", pattern] if pattern else []
    return (
        subprocess.run(
            [
                "ctest",
                "--test-dir",
                str(BUILD),
                "--output-on-failure",
                "-j2",
                "--no-tests=error",
                *selection,
            ],
            check=False,
        ).returncode
        == 0
    )


def _lint():
    return (
        subprocess.run([sys.executable, str(ROOT / "tests/lint/lint.py")], check=False).returncode
        == 0
    )


def suite(arguments):
    options = _parse(arguments)
    packages.require(packages.TEST_PACKAGES)
    kernel = kernels.find(options.kernel)
    build.build_all(kernel)
    good = True
    if "unit" in options.parts:
        note("unit tests")
        good &= _unit(options.filter if "guest" not in options.parts else "")
    if "lint" in options.parts:
        note("lint")
        good &= _lint()
    if "guest" in options.parts:
        note(f"guest tests on {kernel.release}")
        good &= guest_suite.run_all(kernel, options.filter, options.jobs, options.long)
    return 0 if good else 1


if __name__ == "__main__":
    main(suite)
