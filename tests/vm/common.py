# SPDX-License-Identifier: GPL-2.0
"""Where things live, and how the harness runs programs and reports failure.

Every other file of the harness imports this one; it imports none of them.
"""

import contextlib
import fcntl
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
_CACHE_HOME = (
    os.environ.get("KLPX_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
)
CACHE = Path(_CACHE_HOME) / "klpx"

PROGRESS_SECONDS = 5
_STEP = re.compile(r"\[(\d+)/(\d+)\]")

EXIT_HARNESS = 125  # the harness or the kernel failed, not COMMAND
EXIT_TIMEOUT = 124


class HarnessError(Exception):
    """One line that names the object, the operation and what to do."""


def main(function, failure=EXIT_HARNESS):
    """Runs a program's main function; prints its error as one line."""
    try:
        sys.exit(function(sys.argv[1:]))
    except HarnessError as error:
        print(f"run: {error}", file=sys.stderr)
        sys.exit(failure)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_HARNESS)


def note(text):
    print(f"run: {text}", file=sys.stderr, flush=True)


def run(command, what, shown=str, **options):
    """Runs a program; shows its output, through shown(), only if it fails."""
    result = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        check=False,
        **options,
    )
    if result.returncode:
        sys.stderr.write(shown(result.stdout))
        raise HarnessError(f"{what}: failed (exit {result.returncode})")
    return result.stdout


def run_counted(command, what, shown=str, **options):
    """run() for a program that prints '[N/M] ...' per line, like ninja.

    Prints the progress every few seconds.
    """
    lines, said = [], time.monotonic()
    with subprocess.Popen(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        **options,
    ) as process:
        for line in process.stdout:
            lines.append(line)
            step = _STEP.match(line)
            if step and time.monotonic() - said >= PROGRESS_SECONDS:
                note(f"{what}: {step[1]} of {step[2]}")
                said = time.monotonic()
    if process.returncode:
        sys.stderr.write(shown("".join(lines)))
        raise HarnessError(f"{what}: failed (exit {process.returncode})")


@contextlib.contextmanager
def locked(path):
    """Holds an exclusive lock on a file, so that two runs do not collide."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def write_if_changed(path, text):
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
