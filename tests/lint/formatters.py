# SPDX-License-Identifier: GPL-2.0
"""The layout of Python and JavaScript: what ruff and prettier make of it.

Both come from npm, in the versions of format/package-lock.json, since those of
Debian differ from release to release. As a program it lays the files out.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FORMAT = Path(__file__).with_name("format")
WORK = ROOT / "build/lint"
CHANGES = "the formatter changes this"
FORMATTED = (".py", ".js", ".mjs")

sys.path.insert(0, str(ROOT / "controller/web/page"))
from bundle import install_libraries  # noqa: E402 (the page has it)


def run_formatters(mode, files, root):
    """Runs them over the files they know; returns a line for each that differs."""
    names = [name for name in files if name.endswith(FORMATTED)]
    if not names:
        return []
    WORK.mkdir(parents=True, exist_ok=True)
    install_libraries(WORK, FORMAT)
    return subprocess.run(
        ["node", str(FORMAT / "format.mjs"), mode, str(WORK), *names],
        cwd=root,
        text=True,
        check=True,
        stdout=subprocess.PIPE,
    ).stdout.splitlines()


def check_formatters(files, root=ROOT):
    """Takes the repository's files; yields a line for each that differs."""
    for line in run_formatters("check", files, root):
        hint = "; 'python3 tests/lint/formatters.py' does it"
        yield line + hint * line.endswith(CHANGES)


def main():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        text=True,
        check=True,
        stdout=subprocess.PIPE,
    )
    print("\n".join(run_formatters("write", listed.stdout.splitlines(), ROOT)))


if __name__ == "__main__":
    main()
