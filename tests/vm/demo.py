# SPDX-License-Identifier: GPL-2.0
"""./run demo: shows one patch from load to unload, in a VM.

Installs and builds only what that needs: no tests, no web page, no daemon (its
libsystemd-dev would replace the systemd of a machine that is not up to date).
"""

import argparse

import build
import kernels
import packages
import vm
from common import main, note

TOUR = "/opt/klpx/demo/demo.sh"


def demo(arguments):
    parser = argparse.ArgumentParser(prog="run demo")
    parser.add_argument("--kernel", default=kernels.DEFAULT)
    options = parser.parse_args(arguments)
    note(
        "the first run takes about five minutes on two cores, and 2 GB of "
        "disk; later runs start at once"
    )
    packages.require(packages.DEMO_PACKAGES)
    kernel = kernels.find(options.kernel)
    programs = build.build_demo(kernel)
    note(f"booting {kernel.release} in QEMU")
    return vm.boot_and_report(vm.Request(kernel, [TOUR], programs=programs))


if __name__ == "__main__":
    main(demo)
