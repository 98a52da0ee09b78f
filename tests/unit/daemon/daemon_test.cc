// SPDX-License-Identifier: GPL-2.0
// Before it runs: whether it may. What it does then is its jobs'.
#include "controller/daemon/daemon.h"

#include "controller/core/base/error.h"
#include "tests/unit/daemon/job_test.h"

namespace klpx {
namespace {

class DaemonTest : public JobTest {};

TEST_F(DaemonTest, IsForRootOnly) {
  kernel.root = false;
  EXPECT_EQ(KindOf(RunDaemon(context, "1.0").status()),
            ErrorKind::kNotPermitted);
  EXPECT_TRUE(JournalEntries().empty());
}

}  // namespace
}  // namespace klpx
