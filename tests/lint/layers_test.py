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


def kmod_findings(**units):
    """Each keyword is a unit of kmod/, its value what its .c includes."""
    return list(check_layers(
        [(f"kmod/{name}.c", [f'#include "{other}.h"' for other in includes])
         for name, includes in units.items()]))


class KmodTest(unittest.TestCase):
    def test_a_unit_may_use_its_floor_and_those_below(self):
        self.assertEqual([], kmod_findings(
            switch=["switch", "pending", "records"], worker=["switch"]))

    def test_a_unit_may_not_use_those_above(self):
        self.assertEqual(1, len(kmod_findings(pending=["switch"])))

    def test_a_new_unit_must_be_named(self):
        self.assertEqual(1, len(kmod_findings(misc=[])))
        self.assertEqual(1, len(kmod_findings(main=["misc"])))

    def test_headers_and_assembly_count(self):
        self.assertEqual(1, len(list(check_layers(
            [("kmod/pending.h", ['#include "switch.h"'])]))))
        self.assertEqual(1, len(list(check_layers(
            [("kmod/stubs_text.S", ['#include "worker.h"'])]))))

    def test_pure_logic_is_found_beside_itself(self):
        self.assertEqual([], list(check_layers(
            [("kmod/pure/parts.c", ['#include "parts.h"'])])))

    def test_a_large_circle_is_refused(self):
        ring = ["switch", "stop", "worker", "evict", "waiting"]
        arrows = dict(zip(ring, [[name] for name in ring[1:] + ring[:1]]))
        self.assertEqual(1, len(kmod_findings(**arrows)))
        arrows["waiting"] = []
        self.assertEqual([], kmod_findings(**arrows))


if __name__ == "__main__":
    unittest.main()
