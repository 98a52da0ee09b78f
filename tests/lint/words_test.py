# SPDX-License-Identifier: GPL-2.0
"""Tests the check of words on texts of its own."""

import unittest

from words import CLASSES, check_words

ALL = [kind._replace(enabled=True) for kind in CLASSES]


def findings(name, *lines, classes=CLASSES):
    return list(check_words([(name, list(lines))], classes))


class DocumentTest(unittest.TestCase):
    def test_a_finding_names_place_word_and_what_is_better(self):
        self.assertEqual(
            ["docs/X.md:2: 'Whoever': name the task, CPU or caller"],
            findings("docs/X.md", "# X", "Whoever reads this waits."),
        )

    def test_people_are_for_people(self):
        for text in (
            "a task who sleeps",
            "nobody waits",
            "his own limit",
            "Who blocks is shown",
            "somebody reads",
        ):
            self.assertEqual(1, len(findings("README.md", text)), text)
        for text in ("the user who asked", "the heap", "this", "there"):
            self.assertEqual([], findings("README.md", text), text)

    def test_a_phrase_may_be_broken(self):
        self.assertEqual(1, len(findings("docs/X.md", "it fails for want", "of memory")))

    def test_a_sentence_does_not_begin_with_of(self):
        self.assertEqual(1, len(findings("docs/X.md", "Of an enable.")))
        self.assertEqual([], findings("docs/X.md", "Of course, one of them."))

    def test_code_is_not_read(self):
        self.assertEqual(
            [],
            findings(
                "docs/X.md",
                "```",
                "nobody",
                "```",
                "",
                "    nobody",
                "",
                "said `nobody`",
                "<!-- stuck: nobody -->",
            ),
        )

    def test_other_files_are_not_read(self):
        self.assertEqual([], findings("docs/schemas/x.json", "nobody"))


class ManualTest(unittest.TestCase):
    PAGE = "docs/man/x.8.in"

    def test_its_sentences_are_read(self):
        for lines in (
            ["A task who sleeps."],
            ["It waits", ".B for want", "of it."],
            [".BR nobody ,"],
            ["how fast, who is", "in the way,"],
            [r"is \fBsomebody\fR"],
        ):
            self.assertEqual(1, len(findings(self.PAGE, *lines)), lines)

    def test_macros_comments_and_examples_are_not_read(self):
        self.assertEqual(
            [],
            findings(
                self.PAGE,
                r".\" nobody",
                ".TH NOBODY 8",
                ".nf",
                "who",
                ".fi",
                ".TP",
                "this",
                r"\(oqthe\(cq",
            ),
        )

    def test_the_page_is_one_of_them(self):
        kind = next(kind for kind in CLASSES if kind.name == "manual")
        self.assertTrue(kind.files.match("docs/man/klp-controller.8.in"))


class CodeTest(unittest.TestCase):
    def test_classes_that_are_not_enabled_are_not_read(self):
        off = [kind._replace(enabled=False) for kind in CLASSES]
        self.assertEqual([], findings("README.md", "nobody", classes=off))

    def test_comments_and_strings_are_read(self):
        for lines in (
            ["/* Nobody waits. */"],
            ["/*", " * Nobody waits.", " */"],
            ["\tint a; /* nobody */"],
            ['\tpr_err("nobody\\n");'],
            ["\tint a; /* one", "\t\t  * nobody has */"],
        ):
            self.assertEqual(1, len(findings("kmod/x.c", *lines, classes=ALL)), lines)
        self.assertEqual(1, len(findings("controller/core/x.cc", "int a;  // nobody", classes=ALL)))

    def test_code_is_about_no_people(self):
        line = "/* Tells who asked. */"
        self.assertEqual(1, len(findings("kmod/x.c", line, classes=ALL)))

    def test_code_itself_is_not_read(self):
        self.assertEqual(
            [], findings("kmod/x.c", "int nobody;", "his = her;", '#include "who.h"', classes=ALL)
        )


if __name__ == "__main__":
    unittest.main()
