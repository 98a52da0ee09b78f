# SPDX-License-Identifier: GPL-2.0
"""What each test of the page has: a server of its own, and the browser.

Knows nothing of what the page shows.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path

import snapshots
from browser import Browser

CONTROLLER = sys.argv.pop() if len(sys.argv) > 1 else "klp-controller"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PageCase(unittest.TestCase):
    """Each test has a server of its own; the browser is shared."""

    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="klpx-page-")
        os.chmod(self.directory.name, 0o755)
        self.file = Path(self.directory.name) / "snapshot.json"
        self.url = f"http://127.0.0.1:{free_port()}/"
        self.browser.faults.clear()
        self.browser.requests.clear()
        self.browser.received = 0

    def tearDown(self):
        self.browser.open("about:blank")
        self.server.kill()
        self.server.wait()
        self.directory.cleanup()

    def serve(self, document):
        snapshots.write(self.file, document)
        self.server = subprocess.Popen(
            [
                CONTROLLER,
                "serve",
                "--listen",
                self.url[7:-1],
                "--snapshot",
                self.file,
                "--history",
                Path(self.directory.name) / "none.db",
            ],
            stderr=subprocess.DEVNULL,
        )
        for _ in range(600):
            try:
                urllib.request.urlopen(self.url).close()
                break
            except OSError:
                time.sleep(0.1)
        self.browser.open(self.url)
        self.browser.wait(
            "document.querySelector('#link')?.textContent === 'live'", "the page to be live"
        )

    def says(self, selector, text):
        self.browser.wait(
            f"document.querySelector({selector!r})?.textContent.includes({text!r})",
            f"'{text}' in {selector}",
        )

    def text(self, selector):
        return self.browser.run(f"document.querySelector({selector!r}).textContent")

    def count(self, selector):
        return self.browser.run(f"document.querySelectorAll({selector!r}).length")

    def sound(self):
        """Nothing failed in the page, and it asked no other server for anything."""
        self.assertEqual(self.browser.faults, [])
        foreign = [
            url
            for url in self.browser.requests
            if not url.startswith((self.url, "about:", "data:"))
        ]
        self.assertEqual(foreign, [])
