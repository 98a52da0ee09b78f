// SPDX-License-Identifier: GPL-2.0
// Asks the real kernel what it can without changing anything.
#include "controller/sys/proc/linux_kernel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "controller/core/base/error.h"
#include "controller/sys/io/errno_status.h"
#include "tests/unit/data/temp_directory.h"

namespace klpx {
namespace {

class LinuxKernelTest : public testing::Test {
 protected:
  std::string Create(const std::string& name, const std::string& content) {
    const std::string path = dir_ + "/" + name;
    std::ofstream(path) << content;
    return path;
  }

  LinuxKernel kernel_;
  const TempDirectory temp_;
  const std::string& dir_ = temp_.path();
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

TEST_F(LinuxKernelTest, DoesNotWaitForAFifoNorReadADeviceForEver) {
  const std::string fifo = dir_ + "/a";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  for (const std::string& path : {fifo, std::string("/dev/zero")}) {
    const absl::Status status = kernel_.ReadFile(path).status();
    EXPECT_EQ(KindOf(status), ErrorKind::kNotAModule) << status;
    EXPECT_EQ(KindOf(kernel_.ReadModule(path).status()),
              ErrorKind::kNotAModule);
  }
}

TEST_F(LinuxKernelTest, DoesNotReadFilesLargerThanAnyModule) {
  const std::string path = Create("a", "");
  ASSERT_EQ(truncate(path.c_str(), off_t{1} << 40), 0);
  EXPECT_EQ(ErrnoOf(kernel_.ReadFile(path).status()), EFBIG);
  EXPECT_EQ(ErrnoOf(kernel_.ReadModule(path).status()), EFBIG);
}

TEST_F(LinuxKernelTest, ReadsOnlyTheBeginningOfANonModule) {
  const std::string path = Create("a", "");
  ASSERT_EQ(truncate(path.c_str(), 100 << 20), 0);
  EXPECT_LT(kernel_.ReadModule(path)->size(), 10000u);
  const std::string module =
      "\x7f"
      "ELF" +
      std::string(100000, 'x');
  EXPECT_EQ(kernel_.ReadModule(Create("b", module)).value(), module);
}

TEST_F(LinuxKernelTest, TrustsWhatOnlyRootCanChange) {
  EXPECT_TRUE(kernel_.CheckTrusted("/bin/sh").ok());
  // Other users can create files in /tmp, but cannot replace this one.
  const std::string path = Create("a", "");
  EXPECT_TRUE(kernel_.CheckTrusted(path).ok());
  chmod(dir_.c_str(), 0777);
  EXPECT_THAT(std::string(kernel_.CheckTrusted(path).message()),
              testing::HasSubstr(dir_ + " is writable by users"));
  chmod(dir_.c_str(), 0700);
  chmod(path.c_str(), 0666);
  EXPECT_THAT(std::string(kernel_.CheckTrusted(path).message()),
              testing::HasSubstr("/a is writable by users"));
  EXPECT_FALSE(kernel_.CheckTrusted(dir_).ok());
  EXPECT_EQ(ErrnoOf(kernel_.CheckTrusted(dir_ + "/none")), ENOENT);
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

TEST_F(LinuxKernelTest, KnowsALinkFromWhatItLeadsTo) {
  const std::string path = Create("a", "");
  ASSERT_EQ(symlink(path.c_str(), (dir_ + "/link").c_str()), 0);
  ASSERT_EQ(symlink("/no/such", (dir_ + "/dangling").c_str()), 0);
  EXPECT_TRUE(kernel_.IsSymlink(dir_ + "/link"));
  EXPECT_TRUE(kernel_.IsSymlink(dir_ + "/dangling"));
  EXPECT_FALSE(kernel_.IsSymlink(path));
  EXPECT_FALSE(kernel_.IsSymlink(dir_ + "/none"));
}

TEST_F(LinuxKernelTest, KnowsItsHost) {
  const Host host = kernel_.ReadHost();
  EXPECT_FALSE(host.name.empty());
  EXPECT_FALSE(host.kernel.empty());
  EXPECT_EQ(host.boot_id.size(), 36u);
  EXPECT_GT(host.monotonic_ns, 0);
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
