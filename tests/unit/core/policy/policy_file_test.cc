// SPDX-License-Identifier: GPL-2.0
#include "controller/core/policy/policy_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Policy Parsed(absl::string_view text) {
  absl::StatusOr<Policy> policy = ParsePolicy(text, "p.toml");
  EXPECT_TRUE(policy.ok()) << policy.status();
  return policy.ok() ? *std::move(policy) : Policy();
}

std::string Refusal(absl::string_view text) {
  const absl::StatusOr<Policy> policy = ParsePolicy(text, "p.toml");
  EXPECT_EQ(KindOf(policy.status()), ErrorKind::kBadPolicy) << text;
  return std::string(policy.status().message());
}

TEST(PolicyFileTest, AnEmptyFileIsTheKernelsBehaviour) {
  const Policy policy = Parsed("");
  ASSERT_THAT(policy.rules, SizeIs(1));
  const PolicyRule& rule = policy.rules[0];
  EXPECT_EQ(rule.classes, KLPX_CLASS_ALL);
  ASSERT_THAT(rule.steps, SizeIs(1));
  EXPECT_EQ(rule.steps[0].after, absl::Seconds(15));
  EXPECT_EQ(rule.steps[0].every, absl::Seconds(15));
  EXPECT_EQ(rule.steps[0].push, KLPX_PUSH_SIGNAL);
  EXPECT_FALSE(policy.deadline.after.has_value());
}

TEST(PolicyFileTest, EverythingARuleCanSay) {
  const Policy policy = Parsed(R"(
[[rule]]
name = "databases"
class = ["user", "io-worker"]
reason = "on-function"
uid = [26, "1000-1999"]
comm = ["mysqld", "postgres*"]
patch = "fix_*"
cgroup = ["/system.slice/db.service"]
do = "leave"

[[rule]]
class = "kthread"
step = [
  { after = "5s", push = "kick" },
  { after = "15s", push = "signal", every = "10s", at_most = 3 },
]
)");
  ASSERT_THAT(policy.rules, SizeIs(3));
  const PolicyRule& first = policy.rules[0];
  EXPECT_EQ(first.name, "databases");
  EXPECT_EQ(first.line, 2);
  EXPECT_EQ(first.classes, KLPX_CLASS_USER | KLPX_CLASS_IO_WORKER);
  EXPECT_EQ(first.reasons, 1U << KLPX_ON_FUNCTION);
  ASSERT_THAT(first.uids, SizeIs(2));
  EXPECT_EQ(first.uids[0].last, 26U);
  EXPECT_EQ(first.uids[1].first, 1000U);
  EXPECT_EQ(first.uids[1].last, 1999U);
  ASSERT_THAT(first.comms, SizeIs(2));
  EXPECT_FALSE(first.comms[0].is_prefix);
  EXPECT_EQ(first.comms[1].text, "postgres");
  EXPECT_TRUE(first.comms[1].is_prefix);
  EXPECT_TRUE(first.patches.at(0).is_prefix);
  EXPECT_THAT(first.cgroups, ElementsAre("/system.slice/db.service"));
  EXPECT_THAT(first.steps, IsEmpty());
  const PolicyRule& second = policy.rules[1];
  EXPECT_EQ(second.name, "rule in line 12");
  ASSERT_THAT(second.steps, SizeIs(2));
  EXPECT_EQ(second.steps[0].push, KLPX_PUSH_KICK);
  EXPECT_EQ(second.steps[0].every, absl::ZeroDuration());
  EXPECT_EQ(second.steps[1].every, absl::Seconds(10));
  EXPECT_EQ(second.steps[1].at_most, 3U);
}

TEST(PolicyFileTest, ARuleCanDoWhatTheDefaultDoes) {
  const Policy policy = Parsed(R"(
[default]
step = [{ after = "1m", push = "signal" }]
[[rule]]
comm = "a"
do = "default"
)");
  ASSERT_THAT(policy.rules, SizeIs(2));
  ASSERT_THAT(policy.rules[0].steps, SizeIs(1));
  EXPECT_EQ(policy.rules[0].steps[0].after, absl::Minutes(1));
  EXPECT_EQ(policy.rules[1].steps[0].after, absl::Minutes(1));
}

TEST(PolicyFileTest, Deadline) {
  const PolicyDeadline deadline = Parsed(R"(
[deadline]
after = "60s"
then = "force"
force = ["fix_a", "fix_b*"]
)")
                                      .deadline;
  EXPECT_EQ(deadline.after, absl::Seconds(60));
  EXPECT_EQ(deadline.then, PolicyDeadline::Then::kForce);
  ASSERT_THAT(deadline.force, SizeIs(2));
  EXPECT_TRUE(Fits(deadline.force[0], "fix_a"));
  EXPECT_FALSE(Fits(deadline.force[0], "fix_ab"));
  EXPECT_TRUE(Fits(deadline.force[1], "fix_bc"));
}

// Each text with the line and a part of the message.
struct Mistake {
  const char* text;
  int line;
  const char* says;
};

class PolicyMistakeTest : public testing::TestWithParam<Mistake> {};

TEST_P(PolicyMistakeTest, IsRefusedWithItsLine) {
  const std::string refusal = Refusal(GetParam().text);
  EXPECT_THAT(refusal,
              HasSubstr(absl::StrCat("p.toml:", GetParam().line, ": ")));
  EXPECT_THAT(refusal, HasSubstr(GetParam().says));
}

constexpr Mistake kMistakes[] = {
    {"\n[rule\n", 2, ""},
    {"rules = 1", 1, "unknown key 'rules'"},
    {"rule = 1", 1, "[[rule]]"},
    {"rule = [1]", 1, "[[rule]]"},
    {"default = 1", 1, "[default]"},
    {"[default]\nafter = \"1s\"", 2, "unknown key 'after'"},
    {"[default]", 1, "either 'do' or 'step'"},
    {"[[rule]]\ncomm = \"a\"", 1, "either 'do' or 'step'"},
    {"[[rule]]\ndo = \"leave\"\nstep = []", 1, "either 'do' or 'step'"},
    {"[[rule]]\ndo = \"kill\"", 2, "it can be leave, default"},
    {"[[rule]]\ndo = 1", 2, "'do' must be a string"},
    {"[[rule]]\nfoo = 1\ndo = \"leave\"", 2, "unknown key 'foo'"},
    {"[[rule]]\nclass = \"idle\"\ndo = \"leave\"", 2, "'idle'"},
    {"[[rule]]\nclass = []\ndo = \"leave\"", 2, "not empty"},
    {"[[rule]]\nclass = [1]\ndo = \"leave\"", 2, "strings only"},
    {"[[rule]]\nreason = \"bored\"\ndo = \"leave\"", 2, "'bored'"},
    {"[[rule]]\ncomm = \"a*b\"\ndo = \"leave\"", 2, "at the end"},
    {"[[rule]]\ncomm = \"a[b]\"\ndo = \"leave\"", 2, "at the end"},
    {"[[rule]]\ncomm = \"\"\ndo = \"leave\"", 2, "empty name"},
    {"[[rule]]\ncomm = \"0123456789abcdef\"\ndo = \"leave\"", 2,
     "longer than 15"},
    {"[[rule]]\nuid = -1\ndo = \"leave\"", 2, "'uid'"},
    {"[[rule]]\nuid = 4294967296\ndo = \"leave\"", 2, "'uid'"},
    {"[[rule]]\nuid = []\ndo = \"leave\"", 2, "not be empty"},
    {"[[rule]]\nuid = \"9-1\"\ndo = \"leave\"", 2, "'uid'"},
    {"[[rule]]\nuid = \"root\"\ndo = \"leave\"", 2, "'uid'"},
    {"[[rule]]\ncgroup = \"a\"\ndo = \"leave\"", 2, "path"},
    {"[[rule]]\ncgroup = \"/../a\"\ndo = \"leave\"", 2, "path"},
    {"[[rule]]\nstep = []", 2, "1 to 4 steps"},
    {"[[rule]]\nstep = [1]", 2, "a step looks like"},
    {"[[rule]]\nstep = [{ after = \"1s\" }]", 2, "'after' and 'push'"},
    {"[[rule]]\nstep = [{ after = 1, push = \"signal\" }]", 2, "in quotes"},
    {"[[rule]]\nstep = [{ after = \"x\", push = \"signal\" }]", 2, "in quotes"},
    {"[[rule]]\nstep = [{ after = \"1s\", push = \"kill\" }]", 2,
     "wait, kick, signal"},
    {"[[rule]]\nstep = [{ after = \"1s\", push = \"kick\", every = \"0s\" }]",
     2, "at least a second"},
    {"[[rule]]\nstep = [{ after = \"1s\", push = \"kick\", at_most = 0 }]", 2,
     "'at_most'"},
    {"[[rule]]\nstep = [{ after = \"1s\", push = \"kick\", at_most = 2 }]", 2,
     "without 'every'"},
    {"[[rule]]\nstep = [{ after = \"2s\", push = \"kick\" },\n"
     "{ after = \"1s\", push = \"kick\" }]",
     3, "in order"},
    {"deadline = 1", 1, "[deadline]"},
    {"[deadline]\nthen = \"wait\"", 1, "needs 'after'"},
    {"[deadline]\nafter = \"1s\"\nthen = \"explode\"", 3, "'explode'"},
    {"[deadline]\nafter = \"1s\"\nthen = \"force\"", 1, "may be forced"},
    {"health = 1", 1, "[health]"},
    {"[health]\nwatch = 30", 2, "in quotes"},
    {"[health]\nwatch = \"25h\"", 2, "'watch' must be from"},
    {"[health]\nevery = \"0s\"", 2, "'every' must be from"},
    {"[health]\nkernel_log = \"yes\"", 2, "true or false"},
    {"[health]\ncommand = \"check\"", 2, "path of a program"},
    {"[health]\ncommand = \"\"", 2, "path of a program"},
    {"[health]\ncommand = []", 2, "not empty"},
    {"[health]\nhttp = \"https://127.0.0.1/\"", 2, "http://"},
    {"[health]\nhttp = \"http://example.com/\"", 2, "an address"},
    {"[health]\naccept = \"always\"", 2, "manual, auto"},
    {"[health]\nkernel_log = false", 1, "watches nothing"},
    {"[health]\nprobe = 1", 2, "unknown key 'probe'"},
};

INSTANTIATE_TEST_SUITE_P(All, PolicyMistakeTest, testing::ValuesIn(kMistakes));

TEST(PolicyFileTest, AllMistakesAreToldAtOnce) {
  const std::string refusal = Refusal("a = 1\nb = 2\n");
  EXPECT_THAT(refusal, HasSubstr("p.toml:1: unknown key 'a'"));
  EXPECT_THAT(refusal, HasSubstr("p.toml:2: unknown key 'b'"));
}

TEST(PolicyFileTest, RulesThatMakeTooManyRows) {
  std::string lists = "[[rule]]\ndo = \"leave\"\nuid = [0";
  for (int i = 1; i < 20; ++i) absl::StrAppend(&lists, ", ", i);
  absl::StrAppend(&lists, "]\ncomm = [\"x\"");
  for (int i = 1; i < 20; ++i) absl::StrAppend(&lists, ", \"c", i, "\"");
  const std::string refusal = Refusal(
      absl::StrCat("[[rule]]\ndo = \"leave\"\ncomm = \"a\"\n", lists, "]\n"));
  EXPECT_THAT(refusal, HasSubstr("p.toml:4: the rules make 402"));
  EXPECT_THAT(refusal, HasSubstr("400 of them by this one"));
}

// The rows are counted without building them: this product has 10^12.
TEST(PolicyFileTest, AHugeProductFillsNoMemory) {
  std::string text = "[[rule]]\ndo = \"leave\"\n";
  for (const char* key : {"comm", "patch", "uid"}) {
    absl::StrAppend(&text, key, " = [");
    for (int i = 0; i < 10000; ++i) {
      absl::StrAppend(&text, key[0] == 'u' ? "1," : "\"a\",");
    }
    absl::StrAppend(&text, "]\n");
  }
  EXPECT_THAT(Refusal(text), HasSubstr("the rules make 1000000000001"));
}

TEST(PolicyFileTest, ACgroupHasOneSpelling) {
  const Policy policy =
      Parsed("[[rule]]\ndo = \"leave\"\ncgroup = [\"/a//b/./c/\", \"/\"]\n");
  EXPECT_THAT(policy.rules[0].cgroups, ElementsAre("/a/b/c", "/"));
}

TEST(PolicyFileTest, RefusesACgroupThatIsTooDeep) {
  std::string path;
  for (int i = 1; i < KLPX_CGROUP_LEVELS_MAX; ++i) absl::StrAppend(&path, "/a");
  const auto file = [&] {
    return absl::StrCat("[[rule]]\ndo = \"leave\"\ncgroup = \"", path, "\"\n");
  };
  EXPECT_THAT(Parsed(file()).rules[0].cgroups, ElementsAre(path));
  absl::StrAppend(&path, "/a");
  EXPECT_THAT(Refusal(file()), HasSubstr("deeper than 31 levels"));
}

TEST(PolicyFileTest, AnEmptyDefaultIsNamedInTheMessage) {
  EXPECT_THAT(Refusal("[default]\n"),
              HasSubstr("[default] needs either 'do' or 'step'"));
}

}  // namespace
}  // namespace klpx
