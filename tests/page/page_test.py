#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The page of klp-controller serve in a real browser.

page_test.py CONTROLLER: the program to test. Pictures of the page, light and
dark, are left in page/ below the current directory; docs/web-*.png are such.
"""

import unittest
from pathlib import Path

import snapshots
from contrast import CONTRAST
from page_case import PageCase

PICTURES = Path("page")
PAGE_ROWS = 50
LEAST_CONTRAST = 4.5


class PageTest(PageCase):
    def test_a_stuck_transition_is_shown_and_converges(self):
        self.serve(
            snapshots.snapshot(
                120,
                history=[
                    snapshots.transition(2, "reversed", 61000),
                    snapshots.transition(1, "completed", 140),
                ],
            )
        )
        self.says("#headline", "120 tasks of 360 left")
        self.says("#chart-caption", "120 tasks pending")
        self.assertGreater(self.count("#chart canvas"), 0)
        self.browser.wait("document.querySelectorAll('#task-table tbody tr').length", "the table")
        self.assertLess(self.count("#task-table tbody tr"), PAGE_ROWS)
        self.assertGreater(self.count("#flame button"), 8)
        self.says("#patch-list", "do_sys_openat2")
        self.says("#patch-list", "240 of 360 tasks")
        self.assertNotIn(",1", self.text("#patch-list"))
        self.says("#history-table", "reversed")
        snapshots.write(self.file, snapshots.snapshot(3, 360, 43000))
        self.says("#headline", "3 tasks of 360 left")
        self.says("#patch-list", "357 of 360 tasks")
        self.browser.wait(
            "document.querySelector('#page-of').textContent.endsWith(', 3 tasks')", "three tasks"
        )
        snapshots.write(self.file, snapshots.snapshot(0, 360, 44000))
        self.says("#headline", "Settled")
        self.says("#chart-caption", "ended after")
        self.says("#patch-list", "all tasks")
        self.assertTrue(self.browser.run("document.querySelector('#tasks').hidden"))
        self.sound()

    def test_an_engine_that_does_not_count_and_two_at_once(self):
        document = snapshots.snapshot(3)
        document["blocking"].update(tasks=None, elapsed_ms=None)
        self.serve(document)
        self.says("#headline", "3 tasks left")
        self.assertEqual(self.count("#figures progress"), 0)
        document["blocking"]["transitions"] = [
            {
                "patch": snapshots.PATCH,
                "engine": "klpx",
                "state": "enabling",
                "tasks": 100,
                "pending": 3,
                "elapsed_ms": 1000,
            },
            {
                "patch": "other",
                "engine": "kernel",
                "state": "disabling",
                "tasks": None,
                "pending": 1,
                "elapsed_ms": None,
            },
        ]
        snapshots.write(self.file, document)
        self.says("#headline", "3 tasks of 100 left; other is disabling: 1 task left")
        self.sound()

    def test_tasks_are_found_and_paged(self):
        self.serve(snapshots.snapshot(900))
        self.says("#page-of", "1 to 50 of ")
        self.says("#page-of", "rows, 900 tasks")
        self.browser.run("document.querySelector('#later').click()")
        self.says("#page-of", "51 to 100 of ")
        self.browser.run("""(() => { const find = document.querySelector('#find');
            find.value = '1113'; find.dispatchEvent(new Event('input')); })()""")
        self.says("#page-of", "1 to 1 of 1 row, 1 task")
        self.assertIn("/1113", self.text("#task-table td"))
        self.sound()

    def test_threads_of_a_process_are_one_row_that_opens(self):
        document = snapshots.snapshot(16)
        for task in document["blocking"]["blockers"]:
            task.update(reason="on-function", function="vfs_read")
        self.serve(document)
        self.says("#page-of", "1 to 1 of 1 row, 16 tasks")
        self.says("#task-table .fold", "16 threads of ")
        self.browser.run("document.querySelector('#task-table .fold').click()")
        self.browser.wait(
            "document.querySelectorAll('#task-table .member').length === 16", "the threads"
        )
        self.says("#task-table .member", "/10")
        self.browser.run("document.querySelector('#task-table .fold').focus()")
        document["blocking"]["blockers"][3]["age_ms"] = 99000
        snapshots.write(self.file, document)
        self.says("#task-table .group", "1 min 39 s")
        self.assertEqual(self.browser.run("document.activeElement.className"), "fold")
        self.browser.run("document.activeElement.click()")
        self.browser.wait("!document.querySelector('#task-table .member')", "one row")
        self.sound()

    def test_who_a_task_is(self):
        document = snapshots.snapshot(2)
        container = "/system.slice/docker-" + "0123456789ab" * 5 + "0123.scope"
        document["blocking"]["blockers"][0].update(
            reason="running", cmdline="/srv/shop --port 80", user="shop", cgroup=container
        )
        document["blocking"]["blockers"][1].update(
            reason="on-function", cmdline=None, kthread=True, user=None, uid=4711, cgroup="/"
        )
        self.serve(document)
        self.says("#task-table thead", "CommandUserUnit or cgroup")
        for word in (
            "/srv/shop --port 80",
            "shop",
            "docker-0123456789ab….scope",
            "(kernel thread)",
            "4711",
        ):
            self.says("#task-table tbody", word)
        self.sound()

    def test_the_next_step_can_be_copied(self):
        self.serve(snapshots.snapshot(12))
        command = f"klp-controller signal {snapshots.PATCH}"
        self.says("#advice-list", f"on-function: '{command}' wakes user tasks")
        self.says("#next", "policy reverses it in 19 s")
        self.browser.run("""Object.defineProperty(navigator, "clipboard", {configurable: true,
            value: {writeText: async (text) => { window.copied = text; }}})""")
        self.browser.run("document.querySelector('#advice-list button').click()")
        self.says("#advice-list button", "Copied")
        self.assertEqual(self.browser.run("window.copied"), command)
        snapshots.write(self.file, snapshots.snapshot(0))
        self.browser.wait("document.querySelector('#advice').hidden", "no advice")
        self.sound()

    def test_a_machine_without_the_engine_is_not_called_settled(self):
        document = snapshots.snapshot(0)
        document["status"].update(engine={"loaded": False}, patches=[])
        self.serve(document)
        self.says("#headline", "No patch is enabled: klpx.ko is not loaded.")
        self.assertEqual(self.count("#headline.unsettled"), 1)
        document = snapshots.snapshot(0)
        document["status"]["notes"] = ["'fix_old' is kept out at boot"]
        snapshots.write(self.file, document)
        self.says("#headline", "Settled: 1 patch enabled")
        self.says("#alerts", "'fix_old' is kept out at boot")
        self.assertEqual(self.count("#headline.unsettled"), 0)
        # The blocking tasks are not known, but that there is a transition is.
        document = snapshots.snapshot(7, errors={"blocking": "no BPF"})
        document["blocking"] = None
        snapshots.write(self.file, document)
        self.says("#headline", "7 tasks of 100 left")
        document["monotonic_ns"] -= 10**12
        snapshots.write(self.file, document)
        self.says("#headline", "When last seen: ")
        self.sound()

    def test_flames_colour_what_is_patched_and_fold_the_rest(self):
        self.serve(snapshots.snapshot(60))
        self.browser.wait("document.querySelectorAll('#flame button').length > 5", "flames")
        coloured = self.browser.run(
            "[...document.querySelectorAll('.frame-patched')].map((f) => f.textContent.split(' ')[0])"
        )
        self.assertTrue(coloured)
        self.assertLessEqual(set(coloured), set(snapshots.FUNCTIONS))
        self.assertEqual(
            self.text(".frame-folded").split(" (")[0],
            "entry_SYSCALL_64_after_hwframe … do_syscall_64",
        )
        names = """[...document.querySelectorAll('#flame button')].map((f) => f.textContent)
                   .filter((text) => text.startsWith("do_syscall_64")).length"""
        self.assertEqual(self.browser.run(names), 0)
        self.browser.run("document.querySelector('.frame-folded').click()")
        self.assertEqual(self.browser.run(names), 1)
        self.browser.run("document.querySelector('#flame-fold').click()")
        self.assertEqual(self.browser.run(names), 0)
        self.sound()

    def test_nothing_is_cut_and_nothing_left_blank(self):
        self.serve(
            snapshots.snapshot(
                60,
                patches=[
                    snapshots.patch(
                        0,
                        0,
                        0,
                        "fix_cve_2026_0007",
                        ["a_function_with_a_name_of_some_length_" + "x" * 40],
                    )
                ],
            )
        )
        self.says("#patch-list", "fix_cve_2026_0007")
        self.browser.wait("Boolean(document.querySelector('#task-table td'))", "the tasks")
        for width in (1280, 1024, 400):
            self.browser.resize(width, 1000)
            self.browser.wait(
                "new Promise((done) => requestAnimationFrame(() => done(true)))", "a frame"
            )
            where = "#patch-list .scroll" + (", #task-table .scroll" if width == 1280 else "")
            cut = self.browser.run(f"""[...document.querySelectorAll('{where}')]
                .map((box) => box.scrollWidth - box.clientWidth).filter((over) => over > 0)""")
            self.assertEqual(cut, [], width)
            blank = self.browser.run("""(() => {
                const bottom = (one) => one.getBoundingClientRect().bottom;
                return ["#patches", "#transition"].map((id) => bottom(document.querySelector(id)) -
                    Math.max(...[...document.querySelectorAll(`${id} *`)]
                        .filter((one) => one.children.length === 0).map(bottom)));})()""")
            self.assertLess(max(blank), 40, width)
        self.browser.resize(1280, 1000)
        self.sound()

    def test_times_and_lengths_are_what_they_say(self):
        self.serve(
            snapshots.snapshot(
                0,
                history=[
                    snapshots.transition(2, "completed", 312000),
                    snapshots.transition(1, "completed", 3120, ago_minutes=90),
                ],
            )
        )
        self.says("#history-table", "2026-11-20 10:15:00 UTC")
        self.says("#history-table", "2026-11-20 08:45:00 UTC")
        self.says("#kernel", "as of 2026-11-20 10:15:41 UTC")
        lengths = self.browser.run(
            "[...document.querySelectorAll('.bar')].map((bar) => bar.getBoundingClientRect().width)"
        )
        self.assertAlmostEqual(lengths[1] / lengths[0], 0.01, delta=0.005)
        self.sound()

    def test_what_becomes_of_a_module(self):
        stays = snapshots.patch(0, 0, 0, "noexit")
        stays.update(state="disabled", enabled=False, permanent=True, removable=False, refcount=0)
        goes = snapshots.patch(0, 0, 0, "plain")
        goes.update(state="disabled", enabled=False, removable=True, refcount=0)
        self.serve(snapshots.snapshot(0, patches=[stays, goes]))
        self.says("#patch-list", "plain")
        cards = self.browser.run(
            "Object.fromEntries([...document.querySelectorAll('.card')].map((card) => "
            "[card.querySelector('h3').firstChild.textContent, card.textContent]))"
        )
        self.assertIn("can be unloaded", cards["plain"])
        self.assertNotIn("can be unloaded", cards["noexit"])
        self.assertIn("no module_exit(): its module stays until reboot", cards["noexit"])
        self.sound()

    def test_the_keyboard_reaches_everything(self):
        self.serve(snapshots.snapshot(40))
        self.browser.wait("document.querySelectorAll('#flame button').length > 5", "flames")
        seen = set()
        for _ in range(200):
            self.browser.key("Tab", 9)
            seen.add(
                self.browser.run(
                    "document.activeElement.id || document.activeElement.className.split(' ')[0]"
                )
            )
            if {"theme", "frame", "find", "reason", "function"} <= seen:
                break
        self.assertLessEqual({"theme", "frame", "find", "reason", "function"}, seen)
        self.browser.run("document.querySelectorAll('#flame button')[3].focus()")
        name = self.browser.run("document.activeElement.textContent.split(' ')[0]")
        self.browser.key("Enter", 13)
        self.browser.wait(
            f"document.querySelector('#flame button').textContent.startsWith({name!r})",
            "the flames to zoom",
        )
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
        self.says("#alerts", "list is not available: took too long")
        forced = snapshots.snapshot(2)
        forced["status"]["patches"][0]["forces"] = [
            {"transition": 9, "direction": "patching", "tasks": 3}
        ]
        snapshots.write(self.file, forced)
        self.says("#alerts", "3 tasks forced into it without a check")
        self.file.write_text('{"schema": "klp.snapsh')
        self.says("#link", "broken")
        self.says("#alerts", "This is not the current state (broken)")
        self.says("#headline", "2 tasks")
        old = snapshots.snapshot(2)
        old["monotonic_ns"] -= 10**12
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
        self.says("#page-of", "rows, 20,000 tasks")
        self.assertEqual(self.count("#task-table tbody tr"), PAGE_ROWS)
        self.assertLess(self.count("*"), 3000)
        self.assertLess(self.browser.received, self.file.stat().st_size / 4)
        snapshots.write(self.file, snapshots.snapshot(19000, 60000))
        self.says("#page-of", "rows, 19,000 tasks")
        self.sound()

    def test_pictures(self):
        other, older = "fix_cve_2026_1188", "fix_cve_2026_0007"
        history = [
            snapshots.transition(4, "running", None),
            snapshots.transition(
                3,
                "completed",
                312000,
                0,
                [{"severity": "warning", "subject": "n_tty_write", "text": "is often on a stack"}],
                other,
                1370,
            ),
            snapshots.transition(2, "reversed", 61000, name=other, ago_minutes=1442),
            snapshots.transition(1, "completed", 1400, name=older, ago_minutes=5713),
        ]
        patches = [
            snapshots.patch(0, 0, 0, other, ["n_tty_write"], 2),
            snapshots.patch(0, 0, 0, older, ["nf_tables_newrule"], 1),
        ]
        pendings = (211, 163, 142, 121, 90, 66, 41, 23, 16, 13, 12, 12)
        for step, pending in enumerate(pendings):
            document = snapshots.snapshot(pending, 312, 3400 * step + 300, history, patches)
            document["status"]["patches"][0]["stack_order"] = 3
            if step == 0:
                self.serve(document)
            snapshots.write(self.file, document)
            self.says("#headline", f"{pending} tasks")
            self.says("#kernel", f"10:15:{(3400 * step + 300) // 1000:02}")
        PICTURES.mkdir(exist_ok=True)
        for scheme in ("light", "dark"):
            self.browser.colours(scheme)
            self.browser.run("new Promise((done) => setTimeout(done, 300))")
            self.browser.picture(PICTURES / f"web-{scheme}.png")
            self.assertGreater((PICTURES / f"web-{scheme}.png").stat().st_size, 20000)
        self.browser.colours("light")
        self.browser.resize(400, 900)
        self.browser.wait(
            "document.documentElement.scrollWidth <= 400", "a page no wider than its window"
        )
        self.browser.resize(1280, 1000)
        self.sound()


if __name__ == "__main__":
    unittest.main(verbosity=2)
