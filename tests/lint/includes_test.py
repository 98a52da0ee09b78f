# SPDX-License-Identifier: GPL-2.0
"""Tests the check of the headers of standard types."""

import unittest

from includes import check_includes


def findings(*lines, name="controller/a.cc", header=()):
    return list(check_includes([(name, list(lines)), ("controller/a.h", list(header))]))


class IncludesTest(unittest.TestCase):
    def test_a_type_with_its_header_is_no_finding(self):
        self.assertEqual([], findings("#include <string>", "std::string a;"))

    def test_a_type_without_its_header_is_one_finding(self):
        self.assertEqual(
            ["controller/a.cc:1: std::vector without #include <vector>"],
            findings("std::vector<int> a;", "std::vector<int> b;"),
        )

    def test_the_header_of_the_same_name_may_have_it(self):
        self.assertEqual([], findings("std::string a;", header=["#include <string>"]))

    def test_a_comment_is_not_read(self):
        self.assertEqual([], findings("// as std::optional"))

    def test_other_folders_are_not_read(self):
        self.assertEqual([], findings("std::string a;", name="tests/unit/a.cc"))


if __name__ == "__main__":
    unittest.main()
