// SPDX-License-Identifier: GPL-2.0
#include "controller/core/report/report_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/core/policy/policy_file.h"
#include "tests/unit/schema/schema_check.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

PolicyReport MakeReport(absl::string_view text) {
  PolicyReport report;
  report.attached = "klpx";
  report.file = "p.toml";
  const absl::StatusOr<Policy> policy = ParsePolicy(text, "p.toml");
  EXPECT_TRUE(policy.ok()) << policy.status();
  if (policy.ok()) report.policy = *policy;
  return report;
}

constexpr char kEverything[] = R"(
[[rule]]
class = ["user", "io-worker"]
reason = ["running", "exiting"]
uid = [7, "1-2"]
comm = "a*"
patch = "b"
cgroup = "/c"
step = [{ after = "1s", push = "kick" },
        { after = "2m", push = "signal", every = "5s", at_most = 3 }]
[[rule]]
do = "leave"
[deadline]
after = "1m"
then = "force"
force = "b"
[health]
command = "/bin/check all"
http = "http://127.0.0.1/"
)";

TEST(ReportPolicyTest, FitsItsSchema) {
  EXPECT_THAT(SchemaErrors("klp.policy", PolicyJson(MakeReport(kEverything))),
              IsEmpty());
  EXPECT_THAT(SchemaErrors("klp.policy", PolicyJson(MakeReport(""))),
              IsEmpty());
  EXPECT_THAT(SchemaErrors("klp.policy", PolicyJson(PolicyReport())),
              IsEmpty());
}

TEST(ReportPolicyTest, TextShowsEverything) {
  const std::string text = PolicyText(MakeReport(kEverything));
  EXPECT_THAT(text, HasSubstr("class user|io-worker, reason running|exiting, "
                              "uid 7|1-2, comm a*, patch b, cgroup /c"));
  EXPECT_THAT(text, HasSubstr("kick after 1s; signal after 2m, every 5s, at "
                              "most 3 times"));
  EXPECT_THAT(text, HasSubstr("every task"));
  EXPECT_THAT(text, HasSubstr("leave alone"));
  EXPECT_THAT(text, HasSubstr("deadline: after 1m, force"));
  EXPECT_THAT(text, HasSubstr("health:   for 30s: kernel log, /bin/check all, "
                              "http://127.0.0.1/"));
}

}  // namespace
}  // namespace klpx
