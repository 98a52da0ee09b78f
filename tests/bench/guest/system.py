# SPDX-License-Identifier: GPL-2.0
"""Modules, files and waiting: the benchmark's interface to the kernel."""

import ctypes
import os
import time
from pathlib import Path

MODULES = Path("/copy/modules")
PROGRAMS = Path("/copy/programs")
KLPX = Path("/opt/klpx/klpx.ko")
WAIT_SECONDS = 600  # the kernel's livepatch takes minutes for some of this
POLL_SECONDS = 0.001

_SYS_FINIT_MODULE = 313
_SYS_DELETE_MODULE = 176
_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result, what):
    if result:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def load(path, parameters=""):
    """Loads a module; returns when its init has returned."""
    with open(path, "rb") as image:
        _checked(
            _libc.syscall(_SYS_FINIT_MODULE, image.fileno(), parameters.encode(), 0),
            f"loading {path}",
        )


def load_bench(name, parameters=""):
    load(MODULES / f"{name}.ko", parameters)


def unload(name):
    """Unloads a module as soon as it is unused."""
    wait_for(f"{name} to be unused", lambda: references(name) == 0)
    _checked(_libc.syscall(_SYS_DELETE_MODULE, name.encode(), os.O_NONBLOCK), f"unloading {name}")


def references(name):
    return int(read(f"/sys/module/{name}/refcnt"))


def read(path):
    with open(path, encoding="ascii", errors="replace") as file:
        return file.read().strip()


def write(path, value):
    with open(path, "w", encoding="ascii") as file:
        file.write(str(value))


def wait_for(what, condition, poll=POLL_SECONDS):
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {WAIT_SECONDS} s for {what}")
        time.sleep(poll)


def sleeps_in(tid, function):
    try:
        return function in read(f"/proc/{tid}/stack")
    except OSError:
        return False
