# SPDX-License-Identifier: GPL-2.0
"""Tests the attribution of leaks."""

import unittest

import leaks

LOG = """\
[    0.0] Linux version 6
[    9.0] klpx-vm: begin test_a.sh
[    9.1] klpx-vm: jiffies 1000
[   19.0] klpx-vm: begin test_b.sh
[   19.1] klpx-vm: jiffies 2000
[   30.0] klpx-vm: looking for leaks
[   36.0] kmemleak: 3 new suspected memory leaks
[   36.1] unreferenced object 0xffff888005f91440 (size 32):
[   36.1]   comm "x", pid 1, jiffies 1999
[   36.2] unreferenced object 0xffff888005f91480 (size 32):
[   36.2]   comm "x", pid 1, jiffies 2000
[   36.3] unreferenced object 0xffff888005f91500 (size 32):
[   36.3]   comm "x", pid 1, jiffies 999
"""
OTHER = ["[ 3.0] WARNING: CPU: 0"]


class LeaksTest(unittest.TestCase):
    def test_each_goes_to_the_test_that_ran(self):
        report = LOG.splitlines()[6:]
        found = {"": [OTHER, report]}
        leaked = leaks.claim(found, LOG)
        self.assertEqual(found, {"": [OTHER]})
        self.assertEqual(
            {name: [one[0].split()[4] for one in some] for name, some in leaked.items()},
            {
                "test_a.sh": ["0xffff888005f91440"],
                "test_b.sh": ["0xffff888005f91480"],
                "": ["0xffff888005f91500"],
            },
        )

    def test_leaks_that_are_not_shown_are_not_lost(self):
        log = "\n".join(LOG.splitlines()[:7])
        found = {"": [log.splitlines()[6:]]}
        self.assertEqual(leaks.claim(found, log), {})
        self.assertEqual(found, {"": [log.splitlines()[6:]]})

    def test_no_leaks_no_claim(self):
        found = {"": [OTHER], "test_a.sh": [OTHER]}
        self.assertEqual(leaks.claim(found, LOG), {})
        self.assertEqual(found, {"": [OTHER], "test_a.sh": [OTHER]})


if __name__ == "__main__":
    unittest.main()
