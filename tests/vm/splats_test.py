# SPDX-License-Identifier: GPL-2.0
"""Tests the splat scan: cases/NAME.dmesg is clean unless NAME starts 'bad-'.

The first line of a bad case's splat must be the line that holds '<--'.
"""

import unittest
from pathlib import Path

import splats
from common import HarnessError

CASES = Path(__file__).with_name("cases")
MARK = "<--"


class SplatsTest(unittest.TestCase):
    def test_every_case(self):
        for path in sorted(CASES.glob("*.dmesg")):
            with self.subTest(case=path.stem):
                log = path.read_text(encoding="utf-8")
                marked = [line for line in log.splitlines() if MARK in line]
                found = [splat[0] for splat in splats.find(log)]
                self.assertEqual(bool(marked), path.stem.startswith("bad-"))
                self.assertEqual(found, marked)

    def test_only_an_int3_that_is_gone_is_the_emulators_fault(self):
        for name, wanted in (("bad-int3-stale", True), ("bad-int3", False), ("bad-oops", False)):
            splat = splats.report(CASES / f"{name}.dmesg")[0]
            self.assertEqual(splats.is_emulator_fault(splat), wanted, name)

    def test_one_splat_is_taken_for_each_pattern(self):
        found = splats.report(CASES / "bad-warn.dmesg")
        self.assertEqual(splats.take(found, ["at kmod/"]), ["at kmod/"])
        self.assertEqual(len(found), 1)
        pattern = r"WARNING: .* ftrace_bug\+"
        self.assertEqual(splats.take(found, [pattern, pattern]), [pattern])
        self.assertEqual(found, [])

    def test_a_log_without_a_boot_cannot_be_judged(self):
        for log in ("", "SeaBIOS\nBooting from ROM..\n"):
            with self.assertRaises(HarnessError):
                splats.find(log)

    def test_a_missing_log_cannot_be_judged(self):
        with self.assertRaises(HarnessError):
            splats.report("/nonexistent/console.log")


if __name__ == "__main__":
    unittest.main()
