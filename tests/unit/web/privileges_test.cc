// SPDX-License-Identifier: GPL-2.0
// What is left to a process that has given up its privileges. Each test is a
// child of its own: there is no way back.
#include "controller/web/privileges.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <string>

#include "absl/strings/match.h"
#include "controller/sys/io/read_file.h"

namespace klpx {
namespace {

// In a child that has dropped them; the test asks root's rights to be taken.
bool HoldsAfterDrop(const std::function<bool()>& what) {
  const pid_t child = fork();
  if (child == 0) {
    if (!DropPrivileges().ok()) _exit(2);
    _exit(what() ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_NE(status, 2 << 8) << "privileges could not be dropped";
  return status == 0;
}

class PrivilegesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "has none to give up";
  }
};

TEST_F(PrivilegesTest, RootIsRootNoMore) {
  EXPECT_TRUE(HoldsAfterDrop([] {
    uid_t real = 0;
    uid_t effective = 0;
    uid_t saved = 0;
    return getresuid(&real, &effective, &saved) == 0 && real != 0 &&
           effective != 0 && saved != 0;
  }));
}

TEST_F(PrivilegesTest, NoGroupOfRootsIsLeft) {
  EXPECT_TRUE(HoldsAfterDrop([] {
    gid_t groups[64];
    const int count = getgroups(64, groups);
    for (int i = 0; i < count; i++) {
      if (groups[i] == 0) return false;
    }
    return count >= 0 && getgid() != 0 && getegid() != 0;
  }));
}

TEST_F(PrivilegesTest, ThereIsNoWayBack) {
  EXPECT_TRUE(HoldsAfterDrop([] {
    return setuid(0) != 0 && setgid(0) != 0 &&
           prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
  }));
}

TEST_F(PrivilegesTest, NoCapabilityIsLeft) {
  EXPECT_TRUE(HoldsAfterDrop([] {
    const std::string status =
        ReadRegular("/proc/self/status", 1 << 16).value_or("");
    for (const char* line :
         {"CapInh:\t0000000000000000\n", "CapPrm:\t0000000000000000\n",
          "CapEff:\t0000000000000000\n", "CapAmb:\t0000000000000000\n"}) {
      if (!absl::StrContains(status, line)) return false;
    }
    return true;
  }));
}

TEST_F(PrivilegesTest, DroppingThemOnceMoreIsNoError) {
  EXPECT_TRUE(HoldsAfterDrop([] { return DropPrivileges().ok(); }));
}

}  // namespace
}  // namespace klpx
