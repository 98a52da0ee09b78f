# SPDX-License-Identifier: GPL-2.0
"""Tests the layering check on includes that do not exist."""

import unittest

from layers import check_layers


def findings(name, *includes):
    lines = [f"#include {include}" for include in includes]
    return list(check_layers([(f"controller/{name}", lines)]))


class LayersTest(unittest.TestCase):
    def test_a_layer_may_use_those_above_it(self):
        self.assertEqual([], findings("sys/sysfs.cc", '"controller/core/report.h"',
                                      '"controller/sys/fd.h"', "<unistd.h>"))
        self.assertEqual([], findings("main.cc", '"controller/commands/list.h"'))

    def test_a_layer_may_not_use_those_below_it(self):
        self.assertEqual(1, len(findings("core/report.cc",
                                         '"controller/sys/sysfs.h"')))
        self.assertEqual(1, len(findings("web/page.cc",
                                         '"controller/commands/list.h"')))

    def test_core_is_pure(self):
        for header in ("<cerrno>", "<bpf/libbpf.h>", "<chrono>", "<fstream>"):
            self.assertEqual(1, len(findings("core/policy.h", header)), header)

    def test_only_sys_includes_skeletons(self):
        self.assertEqual([], findings("sys/observer.cc", '"observe.skel.h"'))
        self.assertEqual(1, len(findings("daemon/loop.cc", '"observe.skel.h"')))

    def test_a_new_layer_must_be_named(self):
        self.assertEqual(1, len(findings("misc/x.cc", "<string>")))


if __name__ == "__main__":
    unittest.main()
