# SPDX-License-Identifier: GPL-2.0
"""./run test lint: the rules of docs/STYLE.md that a machine can check.

Each check takes the repository's files and yields 'path:line: what' lines.
"""

import functools
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from checkpatch import check_checkpatch
from floors import check_floors
from formatters import check_formatters
from functions import check_functions
from includes import check_includes
from layers import check_layers
from sparse import check_sparse
from test_names import check_test_names
from walk import check_walk
from words import check_words

ROOT = Path(__file__).resolve().parents[2]
FILE_LINES = 400
SHELL_LINES = 100
LIBRARY_LINES = 250
CMAKE_LINES = 40
SPDX_LINES = 3

CANNOT_CARRY_SPDX = {".json", ".dmesg", ".svg", ".png", ".module"}
WITHOUT_SPDX = {"LICENSE"}
LIMITED = {".c", ".h", ".cc", ".py"}
CXX = ("controller/", "tests/unit/")

# Names of one machine or of one package mirror.
MACHINE_NAMES = re.compile(
    r"(?<![\w.$}~])/(?:work|home|Users)/\w"
    r"|https?://[^\s/]+/(?:[^\s/]+/)*(?:debian|ubuntu)(?:-\w+)?(?:[/\s]|$)"
    r"|\b(?:deb|security|snapshot)[.]debian[.]|\bregistry[.]npmjs"
)


def repository_files():
    listed = subprocess.run(
        [
            "git",
            "-c",
            "safe.directory=*",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    names = sorted(set(listed.split("\0")) - {""})
    return [name for name in names if (ROOT / name).is_file() and not (ROOT / name).is_symlink()]


@functools.cache
def lines_of(name):
    try:
        return (ROOT / name).read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []


def is_shell(name):
    lines = lines_of(name)
    return bool(lines) and re.match(r"#!.*\b(ba|da)?sh\b", lines[0]) is not None


def is_shell_library(name):
    return name.endswith(".sh") and not is_shell(name)


def check_spdx(files):
    for name in files:
        path = Path(name)
        if path.suffix in CANNOT_CARRY_SPDX or path.name in WITHOUT_SPDX:
            continue
        head = lines_of(name)[:SPDX_LINES]
        if lines_of(name) and not any("SPDX-License-Identifier:" in line for line in head):
            yield f"{name}:1: no SPDX-License-Identifier line"


def check_machine_names(files):
    for name in files:
        for number, line in enumerate(lines_of(name), 1):
            found = MACHINE_NAMES.search(line)
            if found and not name.startswith("LICENSE"):
                yield f"{name}:{number}: names one machine: {found.group()}"


def check_length(files):
    for name in files:
        count = len(lines_of(name))
        path = Path(name)
        limit = (
            CMAKE_LINES
            if path.name == "CMakeLists.txt"
            else FILE_LINES
            if path.suffix in LIMITED
            else SHELL_LINES
            if is_shell(name)
            else LIBRARY_LINES
            if is_shell_library(name)
            else count
        )
        if count > limit:
            yield f"{name}:{limit + 1}: {count} lines, the limit is {limit}"


def check_links(files):
    """Documents that link to nothing, and those the README does not link to."""
    linked = {}
    for name in files:
        if not name.endswith(".md"):
            continue
        text = "\n".join(lines_of(name))
        targets = {
            target.partition("#")[0]
            for target in re.findall(r"\]\(([^)\s]+)\)", text)
            if "://" not in target and not target.startswith("#")
        }
        linked[name] = {(ROOT / name).parent / target for target in targets}
        for target in sorted(linked[name]):
            if not target.exists():
                yield f"{name}:1: links to {target.name}, which is not there"
    for name in linked:
        if name.startswith("docs/") and ROOT / name not in linked["README.md"]:
            yield f"README.md:1: no link to {name}"


def read_all(files):
    return ((name, lines_of(name)) for name in files)


def check_walks(files):
    known = set(files)
    documents = [name for name in files if name.endswith(".md")]
    return check_walk(read_all(documents), lambda name: lines_of(name) if name in known else None)


def _tool(command, names):
    """Runs a tool over files; its own 'path:line:' lines are the findings."""
    if not names:
        return []
    result = subprocess.run(
        [*command, *names],
        cwd=ROOT,
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if result.returncode == 0:
        return []
    lines = [line for line in result.stdout.splitlines() if re.match(r"\S+:\d+:", line)]
    return lines or [f"{command[0]}:1: {result.stdout.strip()}"]


def check_shell(files):
    scripts = [name for name in files if is_shell(name)]
    # Alone they do not show who uses a variable, or that it is one word.
    libraries = [name for name in files if is_shell_library(name)]
    alone = "SC2034,SC2086,SC2153"
    return _tool(["shellcheck", "-x", "-f", "gcc"], scripts) + _tool(
        ["shellcheck", "-x", "-f", "gcc", "-e", alone], libraries
    )


def check_format(files):
    names = [name for name in files if name.startswith(CXX) and name.endswith((".cc", ".h"))]
    return _tool(["clang-format-19", "--dry-run", "-Werror"], names)


CHECKS = {
    "spdx": check_spdx,
    "machine-names": check_machine_names,
    "length": check_length,
    "links": check_links,
    "shellcheck": check_shell,
    "clang-format": check_format,
    "formatters": check_formatters,
    "checkpatch": check_checkpatch,
    "sparse": check_sparse,
    "includes": lambda files: check_includes(read_all(files)),
    "layers": lambda files: check_layers(read_all(files)),
    "floors": lambda files: check_floors(read_all(files)),
    "walk": check_walks,
    "test-names": check_test_names,
    "functions": lambda files: check_functions(files, ROOT),
    "words": lambda files: check_words(read_all(files)),
}

# Run if it is named only: `python3 tests/lint/lint.py checkpatch`.
ON_REQUEST = {"checkpatch": "takes 150 MB of Debian's kernel source"}


def main(wanted):
    files = repository_files()
    labels = [label for label in CHECKS if label in wanted or not (wanted or label in ON_REQUEST)]
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # most wait for programs
        results = pool.map(lambda label: list(CHECKS[label](files)), labels)
        for label, findings in zip(labels, results):
            print(f"{'FAIL' if findings else 'PASS'} lint {label}", flush=True)
            for finding in findings:
                print(f"  {finding}")
            failed += bool(findings)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
