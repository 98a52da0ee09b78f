// SPDX-License-Identifier: GPL-2.0
// The base of tests of verbs and operations: a fake kernel, and streams that
// capture the output.
#ifndef KLPX_TESTS_UNIT_OPS_COMMAND_TEST_H_
#define KLPX_TESTS_UNIT_OPS_COMMAND_TEST_H_

#include <sstream>

#include "controller/ops/entry/context.h"
#include "controller/verbs/verbs.h"
#include "tests/unit/data/test_files.h"
#include "tests/unit/sys/fake_kernel.h"

namespace klpx {

// Everything that a verb needs, and its output.
class CommandTest {
 public:
  static constexpr char kFile[] = "/patches/test_fix.ko";
  static constexpr const char* kName = kFakePatch;

  CommandTest() {
    kernel.files[kFile] = ReadTestFile(TEST_MODULE_KLPX);
    context.program_dir = "/opt/klpx/bin";
  }

  FakeKernel kernel;
  FakeObserver observer;
  FakePolicy policy;
  std::ostringstream out;
  std::ostringstream err;
  Context context{{kernel, observer, policy}, out, err};
};

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_OPS_COMMAND_TEST_H_
