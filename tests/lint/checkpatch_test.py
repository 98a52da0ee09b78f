# SPDX-License-Identifier: GPL-2.0
"""Tests the check with the kernel's checkpatch.pl on files made for it."""

import tempfile
import unittest
from pathlib import Path

from checkpatch import check_checkpatch, is_expected

SPDX = {
    "c": "// SPDX-License-Identifier: GPL-2.0\n",
    "h": "/* SPDX-License-Identifier: GPL-2.0 */\n",
}


def findings(name, text):
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, name)
        path.parent.mkdir(parents=True)
        path.write_text(SPDX[name[-1]] + text, encoding="utf-8")
        return list(check_checkpatch([name], directory))


class CheckpatchTest(unittest.TestCase):
    def test_kernel_style_is_no_finding(self):
        self.assertEqual([], findings("kmod/a.c", "int f(void)\n{\n\treturn 0;\n}\n"))

    def test_a_brace_on_its_own_line_is_a_finding(self):
        (found,) = findings(
            "kmod/pure/a.c",
            "int f(int x)\n{\n\tif (x)\n\t{\n\t\tx++;\n\t\tx--;\n\t}\n\treturn x;\n}\n",
        )
        self.assertRegex(found, r"^kmod/pure/a\.c:4: ERROR:OPEN_BRACE:")

    def test_what_is_ignored_by_name_is_no_finding(self):
        text = "#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)\n#define A\t1\n#endif\n"
        self.assertEqual([], findings("kmod/a.h", text))

    def test_what_is_expected_of_one_file_is_a_finding_in_others(self):
        for name, expected in (("stubs", True), ("enable", False)):
            line = f"kmod/{name}.c:35: WARNING:AVOID_EXTERNS: externs should be avoided"
            self.assertEqual(expected, is_expected(line), name)

    def test_other_files_are_not_read(self):
        self.assertEqual([], findings("controller/a.h", "int  *  x ;\n"))


if __name__ == "__main__":
    unittest.main()
