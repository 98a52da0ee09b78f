# SPDX-License-Identifier: GPL-2.0
"""The initramfs of a guest: busybox, an init, the modules it needs, and files
that it would otherwise fetch from the host very often.

Writes the cpio archive itself: that takes one function and no tool.
"""

import hashlib
import lzma
from pathlib import Path

import often_opened
from common import BUILD, HarnessError, locked

INIT = Path(__file__).with_name("guest") / "initramfs-init"
BUSYBOX = Path("/bin/busybox")
NEEDED = ("9pnet_virtio", "9p", "overlay")
_DIRECTORY, _PROGRAM, _FILE = 0o040755, 0o100755, 0o100644


def _load_order(kernel):
    """The files of the NEEDED modules, each after its dependencies."""
    depends = {}
    for line in (kernel.modules / "modules.dep").read_text().splitlines():
        path, needs = line.split(":")
        depends[path] = needs.split()
    by_name = {path.rsplit("/", 1)[-1].split(".ko")[0].replace("-", "_"): path for path in depends}
    builtin = (kernel.modules / "modules.builtin").read_text()
    order = []
    for name in NEEDED:
        if name not in by_name:
            if f"/{name}.ko" not in builtin:
                raise HarnessError(f"kernel '{kernel.name}': has no {name}")
            continue
        for path in [*reversed(depends[by_name[name]]), by_name[name]]:
            if path not in order:
                order.append(path)
    return order


def _module(path):
    data = path.read_bytes()
    return lzma.decompress(data) if path.suffix == ".xz" else data


def _record(number, name, mode, data):
    """One file of a 'newc' cpio archive."""
    encoded = name.encode() + b"\0"
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(encoded), 0)
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + encoded
    return b"".join(part + b"\0" * (-len(part) % 4) for part in (head, data))


def _archive(kernel):
    entries = [
        (name, _DIRECTORY, b"")
        for name in ("bin", "dev", "modules", "proc", "sys", "tmp", "new", "often")
    ]
    entries.append(("bin/busybox", _PROGRAM, BUSYBOX.read_bytes()))
    entries.append(("init", _PROGRAM, INIT.read_bytes()))
    for index, path in enumerate(_load_order(kernel)):
        entries.append((f"modules/{index:02}.ko", _FILE, _module(kernel.modules / path)))
    entries += [(f"often/{name}", mode, content) for name, mode, content in often_opened.entries()]
    entries.append(("TRAILER!!!", 0, b""))
    return b"".join(_record(number, *entry) for number, entry in enumerate(entries, 1))


def build(kernel):
    """The path of the kernel's initramfs, which is written if missing."""
    archive = _archive(kernel)
    digest = hashlib.sha256(archive).hexdigest()[:16]
    path = BUILD / "vm" / f"initramfs-{kernel.release}-{digest}"
    with locked(BUILD / "vm" / "initramfs.lock"):
        if not path.exists():
            partial = path.with_suffix(".partial")
            partial.write_bytes(archive)
            partial.rename(path)
    return path
