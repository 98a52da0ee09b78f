// SPDX-License-Identifier: GPL-2.0
// Why the kernel refused a module: asserts nothing that was not looked up.
#include "controller/ops/patch/refusal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "controller/core/base/error.h"
#include "controller/sys/io/errno_status.h"
#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class RefusalTest : public testing::Test, protected CommandTest {
 protected:
  RefusalTest() {
    file_.module = kName;
    file_.engine = Engine::kKlpx;
  }

  absl::Status Why(int error_number,
                   const std::vector<std::string>& complaints = {}) {
    return WhyNotLoaded(kernel, file_,
                        {ErrnoError(error_number, "finit_module"), complaints});
  }
  std::string Text(const absl::Status& status) {
    return std::string(status.message());
  }

  PatchFile file_;
};

TEST_F(RefusalTest, BusyNamesNoCauseWithoutEvidence) {
  const absl::Status status = Why(EBUSY);
  EXPECT_EQ(KindOf(status), ErrorKind::kFailure);
  EXPECT_THAT(Text(status), HasSubstr("says no reason"));
  FakePatch& patch = kernel.AddPatch("other");
  patch.transition = true;
  kernel.transition_time = absl::InfiniteDuration();
  EXPECT_EQ(KindOf(Why(EBUSY)), ErrorKind::kTransitionRunning);
  EXPECT_THAT(Text(Why(EBUSY)), HasSubstr("patch 'other' is in transition"));
}

TEST_F(RefusalTest, BusyMayBeAModuleBeingRemoved) {
  kernel.files["/sys/module/test_fix/initstate"] = "going\n";
  EXPECT_THAT(Text(Why(EBUSY)), HasSubstr("a module of this name is going"));
}

TEST_F(RefusalTest, TheLogComesFirst) {
  const absl::Status status =
      Why(EBUSY, {"failed to register ftrace handler for function 'f' (-16)"});
  EXPECT_EQ(KindOf(status), ErrorKind::kFunctionOwned);
  EXPECT_EQ(KindOf(Why(ENOEXEC)), ErrorKind::kFailure);
  EXPECT_EQ(KindOf(Why(ENOEXEC, {"version magic 'a' should be 'b'"})),
            ErrorKind::kForeignKernel);
}

TEST_F(RefusalTest, ASymbolOfAnAbsentModuleIsNotTheEnginesFault) {
  file_.imports = {"bugt_service"};
  file_.depends = {"bug-target"};
  const absl::Status status =
      Why(ENOENT, {"Unknown symbol bugt_service (err -2)"});
  EXPECT_EQ(KindOf(status), ErrorKind::kRefused);
  EXPECT_THAT(Text(status), HasSubstr("modprobe bug_target"));
  EXPECT_THAT(Text(status), Not(HasSubstr("klpx.ko")));
}

TEST_F(RefusalTest, SaysWhyLoadingIsNotPermitted) {
  EXPECT_THAT(Text(Why(EPERM)), HasSubstr("modules_disabled is not the"));
  kernel.files["/proc/self/status"] = "CapEff:\t000001ffffffffff\n";
  EXPECT_THAT(Text(Why(EPERM)), HasSubstr("CAP_SYS_MODULE are not the"));
  kernel.files["/proc/sys/kernel/modules_disabled"] = "1\n";
  EXPECT_THAT(Text(Why(EPERM)), HasSubstr("kernel.modules_disabled is 1"));
}

TEST_F(RefusalTest, SaysWhatKeepsAModule) {
  const std::string dir = "/sys/module/test_fix/";
  EXPECT_THAT(WhyBusy(kernel, context.recorder, kName),
              HasSubstr("is not known"));
  kernel.files[dir + "initstate"] = "live\n";
  kernel.files[dir + "refcnt"] = "0\n";
  EXPECT_THAT(WhyBusy(kernel, context.recorder, kName),
              HasSubstr("has no module_exit()"));
  kernel.files[dir + "refcnt"] = "1\n";
  EXPECT_THAT(WhyBusy(kernel, context.recorder, kName),
              HasSubstr("1 reference left, but not from another module"));
  kernel.files[dir + "holders/helper"] = "";
  EXPECT_EQ(WhyBusy(kernel, context.recorder, kName), "it is used by helper");
}

}  // namespace
}  // namespace klpx
