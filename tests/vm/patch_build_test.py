# SPDX-License-Identifier: GPL-2.0
"""Tests what patch-build accepts as a directory of patches."""

import tempfile
import unittest
from pathlib import Path

import kernels
import patch_build
from common import HarnessError


class PatchBuildTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def refused(self, path):
        with self.assertRaises(HarnessError) as caught:
            patch_build.patch_build([str(path)])
        return str(caught.exception)

    def test_a_file_is_sent_to_its_directory(self):
        source = self.directory / "fix.c"
        source.touch()
        self.assertIn(f"is a file; give its directory, {self.directory}", self.refused(source))

    def test_what_is_not_there_or_empty_is_refused(self):
        self.assertIn("no such directory", self.refused(self.directory / "no"))
        self.assertIn("holds no Kbuild", self.refused(self.directory))

    def test_the_running_kernel_is_that_of_the_machine(self):
        kernel = kernels.RunningKernel()
        self.assertEqual(kernel.headers, Path("/lib/modules") / kernel.release / "build")


if __name__ == "__main__":
    unittest.main()
