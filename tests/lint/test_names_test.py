# SPDX-License-Identifier: GPL-2.0
"""Tests the check of where tests stand on names that do not exist."""

import unittest

from test_names import WITHOUT_TEST, check_test_names

THERE = [f"controller/{unit}.cc" for unit in WITHOUT_TEST]


def findings(*names):
    return list(check_test_names([*THERE, *names]))


class TestNamesTest(unittest.TestCase):
    def test_a_unit_has_a_test(self):
        self.assertEqual(1, len(findings("controller/core/base/x.cc")))
        self.assertEqual(
            [], findings("controller/core/base/x.cc", "tests/unit/core/base/x_test.cc")
        )

    def test_an_exemption_ends_with_the_first_test(self):
        self.assertEqual(1, len(findings("tests/unit/tui/top_test.cc")))

    def test_an_exemption_ends_with_its_unit(self):
        self.assertEqual(1, len(list(check_test_names(THERE[1:]))))

    def test_a_guest_test_has_a_suite(self):
        self.assertEqual(
            [], findings("tests/guest/test_top.sh", "tests/guest/test_patch_states.sh")
        )
        self.assertEqual(1, len(findings("tests/guest/test_topical.sh")))


if __name__ == "__main__":
    unittest.main()
