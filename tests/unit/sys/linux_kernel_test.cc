// SPDX-License-Identifier: GPL-2.0
// What can be asked of any kernel without changing it.
#include "controller/sys/linux_kernel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "controller/sys/errno_status.h"

namespace klpx {
namespace {

class LinuxKernelTest : public testing::Test {
 protected:
  LinuxKernelTest() {
    char name[] = "/tmp/klpx-test-XXXXXX";
    dir_ = mkdtemp(name);
  }

  ~LinuxKernelTest() override {
    unlink((dir_ + "/a").c_str());
    unlink((dir_ + "/b").c_str());
    rmdir(dir_.c_str());
  }

  std::string Create(const std::string& name, const std::string& content) {
    const std::string path = dir_ + "/" + name;
    std::ofstream(path) << content;
    return path;
  }

  LinuxKernel kernel_;
  std::string dir_;
};

TEST_F(LinuxKernelTest, ReadsFilesLongerThanOneRead) {
  const std::string content(200000, 'x');
  EXPECT_EQ(kernel_.ReadFile(Create("a", content)).value(), content);
}

TEST_F(LinuxKernelTest, ReadsFilesThatClaimToBeEmpty) {
  EXPECT_FALSE(kernel_.ReadFile("/proc/self/status")->empty());
}

TEST_F(LinuxKernelTest, SaysWhyAFileCannotBeRead) {
  EXPECT_EQ(ErrnoOf(kernel_.ReadFile(dir_ + "/none").status()), ENOENT);
  EXPECT_EQ(ErrnoOf(kernel_.ReadFile(dir_).status()), EISDIR);
}

TEST_F(LinuxKernelTest, WritesOnlyToFilesThatExist) {
  const std::string path = Create("a", "old");
  EXPECT_TRUE(kernel_.WriteFile(path, "new").ok());
  EXPECT_EQ(kernel_.ReadFile(path).value(), "new");
  EXPECT_EQ(ErrnoOf(kernel_.WriteFile(dir_ + "/none", "1")), ENOENT);
}

TEST_F(LinuxKernelTest, ListsDirectoriesInOrder) {
  Create("b", "");
  Create("a", "");
  EXPECT_THAT(kernel_.ListDirectory(dir_).value(),
              testing::ElementsAre("a", "b"));
  EXPECT_EQ(ErrnoOf(kernel_.ListDirectory(dir_ + "/none").status()), ENOENT);
}

TEST_F(LinuxKernelTest, KnowsItsHost) {
  const Host host = kernel_.ReadHost();
  EXPECT_FALSE(host.name.empty());
  EXPECT_FALSE(host.kernel.empty());
  EXPECT_EQ(host.boot_id.size(), 36u);
  EXPECT_GT(host.monotonic_ns, 0);
}

TEST_F(LinuxKernelTest, RefusesToLoadWhatIsNotThere) {
  EXPECT_EQ(ErrnoOf(kernel_.LoadModule(dir_ + "/none.ko")), ENOENT);
}

TEST_F(LinuxKernelTest, InterruptsEndASleep) {
  CatchInterrupts();
  EXPECT_FALSE(kernel_.Interrupted());
  raise(SIGINT);
  EXPECT_TRUE(kernel_.Interrupted());
  const absl::Duration start = kernel_.Monotonic();
  kernel_.Sleep(absl::Seconds(10));
  EXPECT_LT(kernel_.Monotonic() - start, absl::Seconds(5));
}

}  // namespace
}  // namespace klpx
