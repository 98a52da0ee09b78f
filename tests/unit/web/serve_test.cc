// SPDX-License-Identifier: GPL-2.0
// What is refused before anything is served.
#include "controller/web/serve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/sys/proc/linux_kernel.h"

namespace klpx {
namespace {

class ServeTest : public testing::Test {
 protected:
  absl::Status Serve() { return RunServe(kernel_, options_).status(); }

  LinuxKernel kernel_;
  ServeOptions options_;
};

TEST_F(ServeTest, AnAddressThatIsNoneIsRefused) {
  for (const char* address : {"", "x", "127.0.0.1", "127.0.0.1:port",
                              "127.0.0.1:65536", "web1:80", "[::1"}) {
    options_.listen = {address};
    EXPECT_FALSE(Serve().ok()) << address;
  }
}

TEST_F(ServeTest, ASocketThatCannotBeMadeIsRefused) {
  options_.unix_paths = {"/no/such/dir/socket"};
  const absl::Status status = Serve();
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()),
              testing::HasSubstr("/no/such/dir/socket"));
}

// The first one that can be had is not served alone.
TEST_F(ServeTest, AllHaveToBeHad) {
  options_.listen = {"127.0.0.1:0"};
  options_.unix_paths = {"/no/such/dir/socket"};
  EXPECT_FALSE(Serve().ok());
}

}  // namespace
}  // namespace klpx
