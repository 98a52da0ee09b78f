#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The page of klp-controller serve in a real browser.

page_test.py CONTROLLER: the program to test. Pictures of the page, light and
dark, are left in page/ beside where it runs; docs/web-*.png were made so.
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
PICTURES = Path("page")
PAGE_ROWS = 50
LEAST_CONTRAST = 4.5

CONTRAST = """(() => {
  const style = getComputedStyle(document.documentElement);
  const light = (name) => {
    const hex = style.getPropertyValue(name).trim().slice(1);
    const full = hex.length === 3 ? [...hex].map((c) => c + c).join("") : hex;
    const part = (i) => {
      const v = parseInt(full.slice(2 * i, 2 * i + 2), 16) / 255;
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(0) + 0.7152 * part(1) + 0.0722 * part(2);
  };
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const pairs = [["--text", "--card"], ["--text", "--ground"], ["--quiet", "--card"],
    ["--quiet", "--ground"], ["--accent", "--card"], ["--good", "--good-ground"],
    ["--warn", "--warn-ground"], ["--bad", "--bad-ground"], ["--text", "--line"],
    ...[0, 1, 2, 3, 4, 5, 6].map((i) => ["--text", `--h${i}`])];
  return pairs.map(([a, b]) => [`${a} on ${b}`, ratio(light(a), light(b))]);
})()"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PageTest(unittest.TestCase):
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
            [CONTROLLER, "serve", "--listen", self.url[7:-1], "--snapshot", self.file,
             "--history", Path(self.directory.name) / "none.db"],
            stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                urllib.request.urlopen(self.url).close()
                break
            except OSError:
                time.sleep(0.1)
        self.browser.open(self.url)
        self.browser.wait("document.querySelector('#link')?.textContent === 'live'",
                          "the page to be live")

    def says(self, selector, text):
        self.browser.wait(
            f"document.querySelector({selector!r})?.textContent.includes({text!r})",
            f"'{text}' in {selector}")

    def count(self, selector):
        return self.browser.run(f"document.querySelectorAll({selector!r}).length")

    def sound(self):
        """Nothing failed in the page, and nothing was asked of anybody else."""
        self.assertEqual(self.browser.faults, [])
        foreign = [url for url in self.browser.requests
                   if not url.startswith((self.url, "about:", "data:"))]
        self.assertEqual(foreign, [])

    def test_a_stuck_transition_is_shown_and_converges(self):
        self.serve(snapshots.snapshot(120, history=[
            snapshots.transition(2, "reversed", 61000),
            snapshots.transition(1, "completed", 140)]))
        self.says("#headline", "120 tasks of 360 left")
        self.says("#chart-caption", "120 tasks pending")
        self.assertGreater(self.count("#chart canvas"), 0)
        self.browser.wait("document.querySelectorAll('#task-table tbody tr').length",
                          "the table")
        self.assertEqual(self.count("#task-table tbody tr"), PAGE_ROWS)
        self.assertGreater(self.count("#flame button"), 8)
        self.says("#patch-list", "do_sys_openat2,1")
        self.says("#history-table", "reversed")
        snapshots.write(self.file, snapshots.snapshot(3, 360, 43000))
        self.says("#headline", "3 tasks of 360 left")
        self.browser.wait("document.querySelectorAll('#task-table tbody tr').length === 3",
                          "three rows")
        snapshots.write(self.file, snapshots.snapshot(0, 360))
        self.says("#headline", "Settled")
        self.says("#chart-caption", "ended after")
        self.assertTrue(self.browser.run("document.querySelector('#tasks').hidden"))
        self.sound()

    def test_an_engine_that_does_not_count_and_two_at_once(self):
        document = snapshots.snapshot(3)
        document["blocking"].update(tasks=None, elapsed_ms=None)
        self.serve(document)
        self.says("#headline", "3 tasks left")
        self.assertEqual(self.count("#figures progress"), 0)
        document["blocking"]["transitions"] = [
            {"patch": snapshots.PATCH, "engine": "klpx", "state": "enabling",
             "tasks": 100, "pending": 3, "elapsed_ms": 1000},
            {"patch": "other", "engine": "kernel", "state": "disabling",
             "tasks": None, "pending": 1, "elapsed_ms": None}]
        snapshots.write(self.file, document)
        self.says("#headline", "3 tasks of 100 left; other is disabling: 1 task left")
        self.sound()

    def test_tasks_are_found_and_paged(self):
        self.serve(snapshots.snapshot(120))
        self.says("#page-of", "1 to 50 of 120")
        self.browser.run("document.querySelector('#later').click()")
        self.says("#page-of", "51 to 100 of 120")
        self.browser.run("""(() => { const find = document.querySelector('#find');
            find.value = '1112'; find.dispatchEvent(new Event('input')); })()""")
        self.says("#page-of", "1 to 1 of 1")
        self.assertEqual(self.browser.run(
            "document.querySelector('#task-table td').textContent"), "1112")
        self.sound()

    def test_the_keyboard_reaches_everything(self):
        self.serve(snapshots.snapshot(40))
        self.browser.wait("document.querySelectorAll('#flame button').length > 5", "flames")
        seen = set()
        for _ in range(200):
            self.browser.key("Tab", 9)
            seen.add(self.browser.run("document.activeElement.id || "
                                      "document.activeElement.className.split(' ')[0]"))
            if {"theme", "frame", "find", "reason", "function"} <= seen:
                break
        self.assertLessEqual({"theme", "frame", "find", "reason", "function"}, seen)
        self.browser.run("document.querySelectorAll('#flame button')[3].focus()")
        name = self.browser.run("document.activeElement.textContent.split(' ')[0]")
        self.browser.key("Enter", 13)
        self.browser.wait(f"document.querySelector('#flame button').textContent.startsWith({name!r})",
                          "the flames to zoom")
        for landmark in ("header", "main", "footer", "nav", "h1", "caption", "th[scope=col]"):
            self.assertGreater(self.count(landmark), 0, landmark)
        self.assertEqual(self.count("input:not(label input), select:not(label select)"), 0)
        self.sound()

    def test_colours_can_be_read(self):
        self.serve(snapshots.snapshot(5))
        for scheme in ("light", "dark"):
            self.browser.colours(scheme)
            for pair, ratio in self.browser.run(CONTRAST):
                self.assertGreaterEqual(ratio, LEAST_CONTRAST, f"{scheme}: {pair}")
        ground = "getComputedStyle(document.body).backgroundColor"
        dark = self.browser.run(ground)
        for _ in ("light", "dark", "system"):
            self.browser.run("document.querySelector('#theme').click()")
            if self.browser.run("document.documentElement.dataset.theme") == "light":
                self.assertNotEqual(self.browser.run(ground), dark)
        self.browser.colours("light")
        self.sound()

    def test_what_is_wrong_is_called_out(self):
        self.serve(snapshots.snapshot(2, errors={"list": "took too long"}))
        self.says("#alerts", "list could not be had: took too long")
        forced = snapshots.snapshot(2)
        forced["status"]["patches"][0]["forces"] = [
            {"transition": 9, "direction": "patching", "tasks": 3}]
        snapshots.write(self.file, forced)
        self.says("#alerts", "3 tasks forced into it unchecked")
        self.file.write_text("{\"schema\": \"klp.snapsh")
        self.says("#link", "broken")
        self.says("#alerts", "This is not the present state (broken)")
        self.says("#headline", "2 tasks")
        old = snapshots.snapshot(2)
        old["monotonic_ns"] -= 10 ** 12
        snapshots.write(self.file, old)
        self.says("#link", "stale")
        self.sound()

    def test_names_are_text(self):
        document = snapshots.snapshot(1)
        evil = "<img src=x onerror=alert(1)>"
        document["blocking"]["blockers"][0].update(comm=evil, cmdline=evil, stack=[evil])
        document["status"]["patches"][0]["name"] = evil
        document["blocking"]["patch"] = evil
        self.serve(document)
        self.says("#task-table", evil)
        self.says("#patch-list", evil)
        self.assertEqual(self.count("img"), 0)
        self.sound()

    def test_twenty_thousand_blockers_are_no_burden(self):
        self.serve(snapshots.snapshot(20000))
        self.says("#page-of", "1 to 50 of 20,000")
        self.assertEqual(self.count("#task-table tbody tr"), PAGE_ROWS)
        self.assertLess(self.count("*"), 3000)
        self.assertLess(self.browser.received, self.file.stat().st_size / 4)
        snapshots.write(self.file, snapshots.snapshot(19000, 60000))
        self.says("#page-of", "of 19,000")
        self.sound()

    def test_pictures(self):
        history = [snapshots.transition(4, "running", None),
                   snapshots.transition(3, "forced", 312000, 2, [
                       {"severity": "warning", "subject": "vfs_read",
                        "text": "is often on a stack"}]),
                   snapshots.transition(2, "reversed", 61000),
                   snapshots.transition(1, "completed", 140)]
        began = time.monotonic()
        self.serve(snapshots.snapshot(211, 312, 0, history))
        for pending in (163, 142, 121, 90, 66, 41, 23, 16, 13, 12, 12):
            elapsed_ms = int(1000 * (time.monotonic() - began))
            snapshots.write(self.file, snapshots.snapshot(pending, 312, elapsed_ms,
                                                          history))
            self.says("#headline", f"{pending} tasks")
        PICTURES.mkdir(exist_ok=True)
        for scheme in ("light", "dark"):
            self.browser.colours(scheme)
            self.browser.run("new Promise((done) => setTimeout(done, 300))")
            self.browser.picture(PICTURES / f"web-{scheme}.png")
            self.assertGreater((PICTURES / f"web-{scheme}.png").stat().st_size, 20000)
        self.browser.colours("light")
        self.browser.resize(400, 900)
        self.browser.wait("document.documentElement.scrollWidth <= 400",
                          "a page no wider than its window")
        self.browser.resize(1280, 1000)
        self.sound()


if __name__ == "__main__":
    unittest.main(verbosity=2)
