# SPDX-License-Identifier: GPL-2.0
"""Tests the check with sparse: the options, and what is expected of a kfunc."""

import subprocess
import tempfile
import unittest
from pathlib import Path

from sparse import OPTIONS, is_expected, options_of

COMMAND = (
    "gcc -Wp,-MMD,/m/kmod/.a.o.d -nostdinc -I/m/kmod -I./include -include ./k.h "
    "-DX='\"a\"' -O2 -std=gnu11 -c -o /m/kmod/a.o /m/kmod/a.c"
)


class SparseTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.source = Path(self.directory.name, "a.c")

    def tearDown(self):
        self.directory.cleanup()

    def said(self, text):
        self.source.write_text(text, encoding="utf-8")
        return subprocess.run(
            ["sparse", *OPTIONS, str(self.source)],
            text=True,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ).stdout

    def test_only_what_sparse_needs_is_taken_and_paths_are_those_of_the_tree(self):
        self.assertEqual(
            ["-nostdinc", "-I/r/kmod", "-I./include", "-include", "./k.h", '-DX="a"', "-std=gnu11"],
            options_of(COMMAND, "/m", "/r"),
        )

    def test_a_lock_that_is_left_locked_is_found(self):
        text = "static void f(int x)\n{\n\tif (x)\n\t\t__context__(1);\n}\nvoid (*p)(int) = f;\n"
        self.assertIn("context imbalance", self.said("extern void (*p)(int);\n" + text))

    def test_a_function_that_nothing_declares_is_expected_of_a_kfunc_only(self):
        line = "a.c:1:5: warning: symbol 'f' was not declared. Should it be static?"
        for text, expected in (("__bpf_kfunc int f(void)\n", True), ("int f(void)\n", False)):
            self.source.write_text(text, encoding="utf-8")
            self.assertEqual(expected, is_expected(line, self.source))


if __name__ == "__main__":
    unittest.main()
