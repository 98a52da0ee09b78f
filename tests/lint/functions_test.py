# SPDX-License-Identifier: GPL-2.0
"""Tests the check of the length of functions on files made for it."""

import tempfile
import unittest
from pathlib import Path

from functions import FUNCTION_LINES, check_functions


def findings_of(name, text):
    with tempfile.TemporaryDirectory() as directory:
        Path(directory, name).write_text(text, encoding="utf-8")
        return list(check_functions([name], directory))


def findings(name, lines):
    body = "\n".join(["\tx++;"] * lines)
    return findings_of(name, f"int x;\nstatic void f(void)\n{{\n{body}\n}}\n")


class FunctionsTest(unittest.TestCase):
    def test_the_limit_is_the_whole_function(self):
        for name in ("a.c", "a.cc", "a.h"):
            self.assertEqual([], findings(name, FUNCTION_LINES - 3), name)
            self.assertEqual(1, len(findings(name, FUNCTION_LINES - 2)), name)

    def test_methods_of_python_count(self):
        for lines, found in ((FUNCTION_LINES - 1, 0), (FUNCTION_LINES, 1)):
            body = "\n".join(["        pass"] * lines)
            self.assertEqual(
                found, len(findings_of("a.py", f"class A:\n    def f(self):\n{body}\n")), lines
            )

    def test_other_files_are_not_read(self):
        self.assertEqual([], findings("a.js", FUNCTION_LINES * 2))


if __name__ == "__main__":
    unittest.main()
