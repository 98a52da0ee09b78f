# SPDX-License-Identifier: GPL-2.0
"""Tests the check of a walk through files that do not exist."""

import unittest

from walk import FEWEST_STEPS, WALK, check_walk, steps_of

FILES = {
    "kmod/switch.c": ["bool klpx_switch_try(struct klpx_set *set)", "{", "}"],
    "controller/sys/linux_kernel.cc": ["absl::Status LinuxKernel::LoadModule("],
}


def findings(*lines, name="docs/OTHER.md"):
    return list(check_walk([(name, list(lines))], FILES.get))


class WalkTest(unittest.TestCase):
    def test_a_step_is_a_path_and_a_function(self):
        self.assertEqual(
            [(2, "kmod/switch.c", "klpx_switch_try()")],
            list(
                steps_of(
                    [
                        "No `kmod/switch.c`, no `step()`.",
                        "3. `kmod/switch.c` `klpx_switch_try()`: a try",
                    ]
                )
            ),
        )

    def test_a_step_that_is_so_is_no_finding(self):
        self.assertEqual([], findings("`kmod/switch.c` `klpx_switch_try()`"))

    def test_a_method_is_found_by_its_name(self):
        self.assertEqual(
            [], findings("`controller/sys/linux_kernel.cc` `LinuxKernel::LoadModule()`")
        )

    def test_a_file_that_has_gone_is_a_finding(self):
        self.assertEqual(
            ["docs/OTHER.md:1: 'kmod/pass.c' is not a file of this repository"],
            findings("`kmod/pass.c` `pass_fn()`"),
        )

    def test_a_function_that_has_gone_is_a_finding(self):
        self.assertEqual(
            ["docs/OTHER.md:1: 'kmod/switch.c' has no switch_try()"],
            findings("`kmod/switch.c` `switch_try()`"),
        )

    def test_a_name_is_a_word_of_the_file(self):
        self.assertEqual([], findings("`kmod/switch.c` `klpx_set`"))
        self.assertEqual(
            ["docs/OTHER.md:1: 'kmod/switch.c' has no klpx"], findings("`kmod/switch.c` `klpx`")
        )

    def test_the_walk_cannot_be_left_out(self):
        step = "`kmod/switch.c` `klpx_switch_try()`"
        self.assertEqual(1, len(findings(step, name=WALK)))
        self.assertEqual([], findings(*[step] * FEWEST_STEPS, name=WALK))


if __name__ == "__main__":
    unittest.main()
