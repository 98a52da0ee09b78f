# SPDX-License-Identifier: GPL-2.0
"""Tests the check of kmod/'s floors on includes that do not exist."""

import unittest

from floors import check_floors


def findings(**units):
    """Each keyword is a unit of kmod/, its value what its .c includes."""
    return list(
        check_floors(
            [
                (f"kmod/{name}.c", [f'#include "{other}.h"' for other in includes])
                for name, includes in units.items()
            ]
        )
    )


class FloorsTest(unittest.TestCase):
    def test_a_unit_may_use_its_floor_and_those_below(self):
        self.assertEqual([], findings(switch=["switch", "pending", "records"], worker=["switch"]))

    def test_a_unit_may_not_use_those_above(self):
        self.assertEqual(1, len(findings(pending=["switch"])))

    def test_a_new_unit_must_be_named(self):
        self.assertEqual(1, len(findings(misc=[])))
        self.assertEqual(1, len(findings(main=["misc"])))

    def test_headers_and_assembly_count(self):
        self.assertEqual(1, len(list(check_floors([("kmod/pending.h", ['#include "switch.h"'])]))))
        self.assertEqual(
            1, len(list(check_floors([("kmod/stubs_text.S", ['#include "worker.h"'])])))
        )

    def test_pure_logic_is_found_beside_itself(self):
        self.assertEqual([], list(check_floors([("kmod/pure/parts.c", ['#include "parts.h"'])])))

    def test_a_large_circle_is_refused(self):
        ring = ["switch", "stop", "worker", "evict", "waiting"]
        arrows = dict(zip(ring, [[name] for name in ring[1:] + ring[:1]]))
        self.assertEqual(1, len(findings(**arrows)))
        arrows["waiting"] = []
        self.assertEqual([], findings(**arrows))


if __name__ == "__main__":
    unittest.main()
