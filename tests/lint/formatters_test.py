# SPDX-License-Identifier: GPL-2.0
"""Tests the check of the layout of Python and JavaScript."""

import tempfile
import unittest
from pathlib import Path

from formatters import check_formatters, run_formatters


class FormattersTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.root = Path(self.directory.name)

    def tearDown(self):
        self.directory.cleanup()

    def findings(self, name, text):
        (self.root / name).write_text(text, encoding="utf-8")
        return [line.split(";")[0] for line in check_formatters([name], self.root)]

    def test_what_is_laid_out_is_no_finding(self):
        self.assertEqual([], self.findings("a.py", 'x = "a"\n'))
        self.assertEqual([], self.findings("a.js", 'const x = "a";\n'))

    def test_the_line_that_would_change_is_named(self):
        for name, text in (("a.py", "x = 1\ny = 'a'\n"), ("a.js", "f();\ng()\n")):
            self.assertEqual([f"{name}:2: the formatter changes this"], self.findings(name, text))

    def test_a_file_that_does_not_parse_is_a_finding(self):
        for name in ("a.py", "a.js"):
            self.assertTrue(self.findings(name, "x = (\n"), name)

    def test_a_name_that_is_unknown_or_unused_is_a_finding(self):
        found = self.findings("a.py", "import os\n\nprint(x)\n")
        self.assertEqual({"a.py:1", "a.py:3"}, {line.split(": ")[0] for line in found})

    def test_other_files_are_not_read(self):
        self.assertEqual([], self.findings("a.txt", "x   =   (\n"))

    def test_it_lays_files_out(self):
        self.findings("a.py", "x = 'a'\n")
        run_formatters("write", ["a.py"], self.root)
        self.assertEqual('x = "a"\n', (self.root / "a.py").read_text("utf-8"))


if __name__ == "__main__":
    unittest.main()
