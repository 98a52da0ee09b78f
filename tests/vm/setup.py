# SPDX-License-Identifier: GPL-2.0
"""./run setup: installs the missing packages and unpacks a kernel.

Prints little and takes no time when nothing is missing.
"""

import argparse

import kernels
import packages
from common import main, note


def setup(arguments):
    parser = argparse.ArgumentParser(prog="run setup")
    parser.add_argument("--kernel", default=kernels.DEFAULT)
    parser.add_argument(
        "--quiet", action="store_true", help="only what building needs; silent if complete"
    )
    options = parser.parse_args(arguments)
    packages.require(packages.PACKAGES)
    if not options.quiet:
        packages.require(packages.TEST_PACKAGES)
        kernel = kernels.find(options.kernel)
        note(f"ready: kernel {kernel.name} is {kernel.release}")


if __name__ == "__main__":
    main(setup)
