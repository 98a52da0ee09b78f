# SPDX-License-Identifier: GPL-2.0
"""QEMU: which accelerator works here, and the command line of a guest.

Knows nothing of what runs in the guest.
"""

import json
import os
import platform
import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from common import CACHE, HarnessError, note

QEMU = "qemu-system-x86_64"
OLDEST_MAJOR = 10  # 7.2's multi-threaded TCG mis-executes text patching
KVM_PROBE_SECONDS = 20

# Longer limits: slow guests on a loaded host are not stalled.
KERNEL_COMMAND_LINE = (
    "console=ttyS0 ignore_loglevel printk.time=1 panic=-1 oops=panic "
    "no_timer_check rcupdate.rcu_cpu_stall_timeout=60 watchdog_thresh=30"
)
# With five-level page tables an interrupt while the boot CPU is identified
# makes KASAN report a wild access (6.12: pgtable_l5_enabled() flickers there).
_CPU = "la57=off"
_DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
_BARE = ("-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-machine", "q35")


@dataclass(frozen=True)
class Machine:
    """The parts of a guest; shares are (directory, tag, read-only)."""

    image: Path
    initramfs: Path
    console: Path
    cpus: int = 2
    memory: int = 2048
    icount: bool = False
    shares: tuple = ()
    ports: dict = field(default_factory=dict)  # name -> file descriptor
    arguments: str = ""
    disk: Path | None = None  # a raw image, /dev/vda


def version():
    try:
        result = subprocess.run([QEMU, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise HarnessError(f"{QEMU}: {error}; run ./run setup") from error
    text = re.search(r"version (\S+)", result.stdout).group(1)
    if int(text.split(".")[0]) < OLDEST_MAJOR:
        raise HarnessError(f"{QEMU}: version {text} is older than {OLDEST_MAJOR}; run ./run setup")
    return text


def command(machine, accelerator):
    """The whole command line, as a list."""
    cpu = "host" if accelerator == "kvm" else "max"
    line = [
        *_DIES_WITH_US,
        QEMU,
        *_BARE,
        "-cpu",
        f"{cpu},{_CPU}",
        "-smp",
        str(machine.cpus),
        "-m",
        str(machine.memory),
        *_acceleration(machine, accelerator),
        "-kernel",
        str(machine.image),
        "-initrd",
        str(machine.initramfs),
        "-append",
        f"{KERNEL_COMMAND_LINE} {machine.arguments}".strip(),
        "-chardev",
        f"file,id=console,path={machine.console}",
        "-serial",
        "chardev:console",
        "-device",
        "virtio-serial-pci",
    ]
    for name, descriptor in machine.ports.items():
        line += [
            "-chardev",
            f"file,id={name},path=/dev/fd/{descriptor}",
            "-device",
            f"virtserialport,chardev={name},name={name}",
        ]
    for directory, tag, readonly in machine.shares:
        line += [
            "-fsdev",
            f"local,id={tag},path={directory},"
            "security_model=none,multidevs=remap" + (",readonly=on" if readonly else ""),
            "-device",
            f"virtio-9p-pci,fsdev={tag},mount_tag={tag}",
        ]
    return line + _disk(machine)


def _disk(machine):
    """What the guest has flushed is in the image.

    The rest is lost with its memory when it is reset.
    """
    if not machine.disk:
        return []
    return [
        "-drive",
        f"file={machine.disk},format=raw,if=none,id=disk",
        "-device",
        "virtio-blk-pci,drive=disk",
    ]


def _acceleration(machine, accelerator):
    if machine.icount:
        return ["-accel", "tcg,thread=single", "-icount", "shift=0"]
    if accelerator == "kvm":
        return ["-accel", "kvm"]
    return ["-accel", "tcg,thread=multi"]


def accelerator(image, initramfs):
    """'kvm' if a guest really boots with it here, else 'tcg'; cached."""
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "tcg"
    key = f"QEMU {version()} on Linux {platform.release()}"
    path = CACHE / "accelerator.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    if key not in known:
        known[key] = "kvm" if _kvm_boots(image, initramfs) else "tcg"
        note(f"accelerator: {known[key]} ({key})")
        path.write_text(json.dumps(known, indent=1))
    return known[key]


def _kvm_boots(image, initramfs):
    with tempfile.TemporaryDirectory() as work:
        machine = Machine(
            image, initramfs, Path(work) / "console", memory=512, arguments="klpx.probe"
        )
        try:
            subprocess.run(
                command(machine, "kvm"),
                capture_output=True,
                stdin=subprocess.DEVNULL,
                check=True,
                timeout=KVM_PROBE_SECONDS,
            )
        except (subprocess.SubprocessError, OSError):
            return False
        return "klpx.probe.ok" in machine.console.read_text(errors="replace")
