# SPDX-License-Identifier: GPL-2.0
"""Tests the check of the length of functions on files made for it."""

import tempfile
import unittest
from pathlib import Path

from functions import FUNCTION_LINES, check_functions


def findings(name, lines):
    body = "\n".join(["\tx++;"] * lines)
    with tempfile.TemporaryDirectory() as directory:
        Path(directory, name).write_text(
            f"int x;\nstatic void f(void)\n{{\n{body}\n}}\n", encoding="utf-8")
        return list(check_functions([name], directory))


class FunctionsTest(unittest.TestCase):
    def test_the_limit_is_the_whole_function(self):
        for name in ("a.c", "a.cc", "a.h"):
            self.assertEqual([], findings(name, FUNCTION_LINES - 3), name)
            self.assertEqual(1, len(findings(name, FUNCTION_LINES - 2)), name)

    def test_other_files_are_not_read(self):
        self.assertEqual([], findings("a.py", FUNCTION_LINES * 2))


if __name__ == "__main__":
    unittest.main()
