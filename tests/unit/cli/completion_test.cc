// SPDX-License-Identifier: GPL-2.0
// Runs the completion scripts in their shells.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "controller/cli/flag_names.h"
#include "controller/cli/flags.h"
#include "controller/cli/verbs.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// What bash prints for a script, errors included.
std::string Bash(const std::string& script) {
  const std::string file =
      absl::StrCat(testing::TempDir(), "/completion_test.", getpid());
  FILE* out = fopen(file.c_str(), "w");
  fputs(script.c_str(), out);
  fclose(out);
  FILE* pipe = popen(absl::StrCat("bash ", file, " 2>&1").c_str(), "r");
  std::string output;
  char buffer[4096];
  while (size_t got = fread(buffer, 1, sizeof(buffer), pipe)) {
    output.append(buffer, got);
  }
  EXPECT_EQ(WEXITSTATUS(pclose(pipe)), 0) << output;
  unlink(file.c_str());
  return output;
}

// Makes bash print what it offers for the last of the words, one per line.
std::string Script(const std::string& words) {
  return absl::StrFormat(
      "cd '%s'; mkdir -p completion_test; cd completion_test\n"
      "touch klpx_offer.ko klpx_offer.txt; source <(%s bash)\n"
      "COMP_WORDS=(klp-controller %s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
      "_klp_controller; printf '%%s\\n' \"${COMPREPLY[@]}\"\n",
      testing::TempDir(), TEST_GENERATE, words);
}

std::string Offered(const std::string& words) { return Bash(Script(words)); }

TEST(BashCompletionTest, OffersVerbs) {
  EXPECT_EQ(Offered("hist"), "history\n");
  for (const Verb& verb : Verbs()) {
    EXPECT_THAT(Offered("''"), HasSubstr(absl::StrCat(verb.name, "\n")));
  }
}

TEST(BashCompletionTest, OffersTheFlagsOfTheVerb) {
  for (const Verb& verb : Verbs()) {
    const std::string offered = Offered(absl::StrCat(verb.name, " -"));
    for (const Flag& flag : Flags()) {
      if (IsFlag(flag) && (flag.verbs & verb.flags)) {
        EXPECT_THAT(offered, HasSubstr(std::string(LongName(flag))))
            << verb.name;
      }
    }
  }
  EXPECT_THAT(Offered("list -"), Not(HasSubstr("--timeout")));
  EXPECT_EQ(Offered("load --no-w"), "--no-wait\n");
}

TEST(BashCompletionTest, OffersPatchFilesOnly) {
  EXPECT_EQ(Offered("enable klpx_of"), "klpx_offer.ko\n");
  EXPECT_EQ(Offered("-v --json enable klpx_of"), "klpx_offer.ko\n");
  EXPECT_THAT(Offered("history --file klpx_of"), HasSubstr("klpx_offer.txt"));
}

TEST(BashCompletionTest, OffersTheWordsForAValue) {
  EXPECT_EQ(Offered("history --outcome rev"), "reversed\n");
  EXPECT_EQ(Offered("policy app"), "apply\n");
  EXPECT_EQ(Offered("adopt ''"), "on\noff\n");
  EXPECT_EQ(Offered("enable --engine k"), "klpx\nkernel\n");
  EXPECT_THAT(Offered("policy check klpx_of"), HasSubstr("klpx_offer.txt"));
  EXPECT_EQ(Offered("help hist"), "history\n");
  EXPECT_EQ(Offered("vers"), "version\n");
  EXPECT_EQ(Offered("list --jso"), "--json\n");
}

// For verbs that only take names of loaded patches.
TEST(BashCompletionTest, OffersNoFilesWhereNoneIsTaken) {
  for (const char* verb : {"unload", "disable", "status", "wait"}) {
    EXPECT_THAT(Offered(absl::StrCat(verb, " klpx_of")),
                Not(HasSubstr("klpx_offer")))
        << verb;
  }
}

// Transitions come from the history, by a fake klp-controller.
TEST(BashCompletionTest, OffersTransitions) {
  const std::string fake =
      "klp-controller() { printf 'ID  BEGUN\\n12  x\\n130  y\\n'; }\n";
  for (const char* words : {"explain 1", "top --replay 1"}) {
    EXPECT_EQ(Bash(absl::StrCat(fake, Script(words))), "12\n130\n") << words;
  }
}

TEST(BashCompletionTest, OffersNothingForNumbers) {
  EXPECT_EQ(Offered("enable --timeout ''"), "\n");
}

TEST(ZshCompletionTest, IsZsh) {
  Bash(absl::StrFormat("zsh -n <(%s zsh)", TEST_GENERATE));
  EXPECT_THAT(Bash(absl::StrFormat("%s zsh", TEST_GENERATE)),
              HasSubstr("'--timeout[Wait no longer"));
}

TEST(FishCompletionTest, OffersVerbsAndFlags) {
  const std::string offered =
      Bash(absl::StrFormat("fish -N -c 'source (%s fish | psub); complete -C "
                           "\"klp-controller hist\";"
                           " complete -C \"klp-controller enable --no\"'",
                           TEST_GENERATE));
  EXPECT_THAT(offered, HasSubstr("history\t"));
  EXPECT_THAT(offered, HasSubstr("--no-wait\t"));
}

}  // namespace
}  // namespace klpx
