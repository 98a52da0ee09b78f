# SPDX-License-Identifier: GPL-2.0
"""Tests the layering check on includes that do not exist."""

import unittest

from layers import check_layers


def findings(name, *includes):
    lines = [f"#include {include}" for include in includes]
    return list(check_layers([(f"controller/{name}", lines)]))


class LayersTest(unittest.TestCase):
    def test_a_layer_may_use_those_above_it(self):
        self.assertEqual(
            [],
            findings(
                "sys/proc/sysfs.cc",
                '"controller/core/report/report.h"',
                '"controller/sys/io/unique_fd.h"',
                "<unistd.h>",
            ),
        )
        self.assertEqual([], findings("main.cc", '"controller/verbs/list.h"'))

    def test_a_layer_may_not_use_those_below_it(self):
        self.assertEqual(1, len(findings("core/report/report.cc", '"controller/sys/proc/sysfs.h"')))
        self.assertEqual(1, len(findings("web/page.cc", '"controller/verbs/list.h"')))

    def test_a_subject_may_use_those_before_it(self):
        self.assertEqual(
            [],
            findings(
                "ops/health/x.cc",
                '"controller/ops/transition/wait.h"',
                '"controller/ops/health/y.h"',
            ),
        )
        self.assertEqual(1, len(findings("ops/transition/wait.cc", '"controller/ops/health/x.h"')))
        self.assertEqual(1, len(findings("core/base/text.cc", '"controller/core/flat.h"')))

    def test_core_is_pure(self):
        for header in ("<cerrno>", "<bpf/libbpf.h>", "<chrono>", "<fstream>"):
            self.assertEqual(1, len(findings("core/policy/policy.h", header)), header)

    def test_only_one_folder_includes_skeletons(self):
        self.assertEqual([], findings("sys/bpf/observer.cc", '"observe.skel.h"'))
        self.assertEqual(1, len(findings("sys/proc/x.cc", '"observe.skel.h"')))
        self.assertEqual(1, len(findings("daemon/loop.cc", '"observe.skel.h"')))

    def test_a_new_layer_or_subject_must_be_named(self):
        self.assertEqual(1, len(findings("misc/x.cc", "<string>")))
        self.assertEqual(1, len(findings("core/misc/x.cc", "<string>")))
        self.assertEqual(1, len(findings("core/x.cc", "<string>")))


if __name__ == "__main__":
    unittest.main()
