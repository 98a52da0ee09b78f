# SPDX-License-Identifier: GPL-2.0
"""clang-tidy on files of controller/, which controller/.clang-tidy is for.

tidy.py [FILE.cc...]: all files without arguments, which takes very long on two
CPUs; so it is no part of './run test'. Files of sys/bpf/ need './run build'
first, for the skeletons.
"""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["-std=c++20", "-I.", "-Iinclude", "-isystem", "build/bpf", "-DTOML_EXCEPTIONS=0"]
sys.path.insert(0, str(ROOT / "tests/vm"))
import packages  # noqa: E402


def tidy(name):
    said = subprocess.run(
        ["clang-tidy-19", "--quiet", name, "--", *FLAGS],
        cwd=ROOT,
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ).stdout
    return [line for line in said.splitlines() if re.search(r": (warning|error): ", line)]


def main(names):
    packages.require({"clang-tidy-19": ""})
    names = names or sorted(
        str(path.relative_to(ROOT)) for path in (ROOT / "controller").rglob("*.cc")
    )
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for lines in pool.map(tidy, names):
            failed += len(lines)
            print(*lines, sep="\n", end="\n" * bool(lines), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
