#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The page shows the machine it runs on: a stuck transition, and its end.

guest_page.py URL PICTURES PATCH FUNCTION TID... -- COMMAND...: TIDs block
PATCH, each in FUNCTION; COMMAND makes them leave.
"""

import subprocess
import sys
from pathlib import Path

import browser

browser.TIMEOUT_SECONDS = 600  # the machine is emulated


def _shows(page, selector, text):
    page.wait(
        f"document.querySelector({selector!r})?.innerText.includes({text!r})",
        f"'{text}' in {selector}",
    )


def _pictures(page, directory, name):
    for scheme in ("light", "dark"):
        page.colours(scheme)
        page.picture(directory / f"{name}-{scheme}.png")


def main(url, pictures, patch, function, *rest):
    tids, command = rest[: rest.index("--")], rest[rest.index("--") + 1 :]
    directory = Path(pictures)
    directory.mkdir(parents=True, exist_ok=True)
    page = browser.Browser()
    try:
        page.open(url)
        page.wait("document.querySelector('#link')?.textContent === 'live'", "the page to be live")
        _shows(page, "#headline", patch)
        _shows(page, "#headline", f"{len(tids)} tasks")
        for tid in tids:
            _shows(page, "#task-table", tid)
        _shows(page, "#task-table", function)
        _shows(page, "#flame-section", function)
        _shows(page, "#patch-list", patch)
        _shows(page, "#history-table", patch)
        _pictures(page, directory, "stuck")
        subprocess.run(command, check=True)
        _shows(page, "#headline", "Settled")
        _shows(page, "#history-table", "completed")
        _pictures(page, directory, "settled")
        foreign = [
            asked for asked in page.requests if not asked.startswith((url, "about:", "data:"))
        ]
        assert not page.faults, page.faults
        assert not foreign, foreign
    finally:
        page.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
