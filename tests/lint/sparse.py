# SPDX-License-Identifier: GPL-2.0
"""sparse on klpx.ko, as the kernel's own build would call it.

The options of each file are those with which it was built: 'make C=2' spends
minutes on what surrounds the seconds of sparse. Without a build there is nothing
to check.
"""

import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/vm"))
import kernels  # noqa: E402

TAKEN = re.compile(r"-[IDU]\S|-nostdinc$|-std=|-m64$|-mcmodel=")
OPTIONS = (
    "-D__linux__ -Dlinux -D__STDC__ -Dunix -D__unix__ -D__x86_64__ -Wbitwise "
    "-Wno-return-void -Wno-unknown-attribute"
).split()
# A kfunc is called by BPF programs; nothing in C declares it.
KFUNC = "__bpf_kfunc "
UNDECLARED = "was not declared. Should it be static?"


def options_of(command, mirror, root):
    """What sparse needs of a command of the compiler; paths lead to root."""
    words = iter(shlex.split(command))
    taken = []
    for word in words:
        if word == "-include":
            taken += [word, next(words)]
        elif TAKEN.match(word):
            taken.append(word.replace(str(mirror), str(root)))
    return taken


def is_expected(line, source):
    """Whether sparse says something that is so for a kfunc."""
    if UNDECLARED not in line:
        return False
    number = int(line.split(":")[1])
    return source.read_text(encoding="utf-8").splitlines()[number - 1].startswith(KFUNC)


def _sparse(record, mirror, headers):
    name = record.relative_to(mirror).with_name(record.name[1:].removesuffix(".o.cmd") + ".c")
    source = ROOT / name
    if not source.exists():
        return []
    first = record.read_text(encoding="utf-8").splitlines()[0]
    command = first.split(":= ", 1)[1].split(" ; ")[0]
    said = subprocess.run(
        ["sparse", *OPTIONS, *options_of(command, mirror, ROOT), str(source)],
        cwd=headers,
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ).stdout.replace(f"{ROOT}/", "")
    return [line for line in said.splitlines() if not is_expected(line, source)]


def check_sparse(_):
    """Yields what sparse says of the files that klpx.ko was built from."""
    mirror = ROOT / "build/modules" / kernels.DEFAULT / "src"
    records = [
        record
        for record in sorted(mirror.glob("kmod/**/.*.o.cmd"))
        if not record.name.startswith((".klpx.", "..module"))
    ]
    if not records:
        return
    headers = kernels.find(kernels.DEFAULT).headers
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for lines in pool.map(lambda record: _sparse(record, mirror, headers), records):
            yield from lines
