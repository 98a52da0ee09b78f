# SPDX-License-Identifier: GPL-2.0
"""./run install: puts klpx on this machine, for the kernel that is running.

The CLI and the headers go where CMake says; klpx.ko is built against the
running kernel's headers and goes to its extra/ modules; group klpx is created.
Honours DESTDIR.
"""

import argparse
import os
import shutil
from pathlib import Path

import build
import kernels
import modules
import packages
from common import BUILD, ROOT, HarnessError, locked, main, note, run

# Needed to build patch modules: examples/patch/Makefile looks there.
SYMBOLS = "klpx.symvers"


def install_module():
    kernel = kernels.running()
    with locked(BUILD / "build.lock"):
        symbols = modules.require_klpx(kernel)
    root = os.environ.get("DESTDIR", "")
    target = Path(f"{root}/lib/modules/{kernel.release}/extra/klpx.ko")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(modules.output(kernel) / "klpx.ko", target)
        shutil.copy2(symbols, target.with_name(SYMBOLS))
    except OSError as error:
        raise HarnessError(f"installing {target}: {error.strerror}") from error
    note(f"installed {target}, and {SYMBOLS} beside it")
    if not root:
        run(["/sbin/depmod", kernel.release], f"depmod {kernel.release}")


def install_policy():
    """Installs the policy file as shipped, never over an existing one."""
    target = Path(f"{os.environ.get('DESTDIR', '')}/etc/klpx/policy.toml")
    if target.exists():
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "examples/policy/policy.toml", target)
    except OSError as error:
        raise HarnessError(f"installing {target}: {error.strerror}") from error
    note(f"installed {target}")


def make_group():
    """Does at once what systemd would do at the next boot."""
    sysusers = shutil.which("systemd-sysusers")
    if sysusers and not os.environ.get("DESTDIR"):
        run([sysusers, ROOT / "packaging/klpx.sysusers"], "systemd-sysusers")


def install(arguments):
    parser = argparse.ArgumentParser(prog="run install")
    parser.add_argument("--prefix", default="/usr/local")
    parser.add_argument(
        "--module-only",
        action="store_true",
        help="only klpx.ko, the policy file and the group; what 'cmake --install' calls",
    )
    options = parser.parse_args(arguments)
    if options.module_only:
        install_module()
        install_policy()
        make_group()
    else:
        kernels.running()  # before minutes of building, not after
        packages.require(packages.PAGE_PACKAGES)
        build.build_all(kernels.find(kernels.DEFAULT))
        print(
            run(["cmake", "--install", BUILD, "--prefix", options.prefix], "cmake --install"),
            end="",
        )


if __name__ == "__main__":
    main(install)
