// SPDX-License-Identifier: GPL-2.0
// The program itself: what it makes of its arguments, before any kernel is
// asked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "controller/core/exit_codes.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Result {
  int exit_code;
  std::string output;
};

// Runs klp-controller through the shell; stderr is a part of the output.
Result Controller(const std::string& arguments,
                  const char* redirection = "2>&1") {
  const std::string command =
      absl::StrCat(TEST_CONTROLLER, " ", arguments, " ", redirection);
  FILE* pipe = popen(command.c_str(), "r");
  std::string output;
  char buffer[4096];
  while (size_t got = fread(buffer, 1, sizeof(buffer), pipe)) {
    output.append(buffer, got);
  }
  return {WEXITSTATUS(pclose(pipe)), output};
}

TEST(CommandLineTest, HelpListsVerbsExamplesAndExitCodes) {
  const Result help = Controller("--help");
  EXPECT_EQ(help.exit_code, 0);
  for (const char* word :
       {"enable", "load", "disable", "unload", "reverse", "force", "signal",
        "wait", "list", "status", "blocking", "info", "history", "explain",
        "daemon", "check", "EXAMPLES"}) {
    EXPECT_THAT(help.output, HasSubstr(word));
  }
  for (const ErrorRow& row : kErrorTable) {
    EXPECT_THAT(help.output, HasSubstr(std::string(row.code)));
  }
}

TEST(CommandLineTest, EveryVerbHasHelp) {
  for (const char* verb : {"enable", "force", "blocking", "wait"}) {
    const Result help = Controller(absl::StrCat(verb, " --help"));
    EXPECT_EQ(help.exit_code, 0) << verb;
    EXPECT_THAT(help.output, HasSubstr("PATCH")) << verb;
  }
}

TEST(CommandLineTest, ShowsItsVersion) {
  EXPECT_EQ(Controller("-V").exit_code, 0);
  EXPECT_THAT(Controller("--version").output, HasSubstr("klp-controller 0."));
}

TEST(CommandLineTest, UsageErrorsExitWithTwo) {
  for (const char* arguments :
       {"", "fly", "enable", "list extra", "enable --timeout soon x",
        "enable --nonsense x", "signal --task abc x", "wait --timeout -1",
        "blocking -p x", "force --task 1", "explain", "explain x",
        "history --limit -1"}) {
    const Result result = Controller(arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments << ": " << result.output;
    EXPECT_THAT(result.output, HasSubstr("klp-controller: "));
  }
}

TEST(CommandLineTest, NamesAVerbThatItDoesNotKnow) {
  EXPECT_THAT(Controller("fly away").output, HasSubstr("fly"));
}

TEST(CommandLineTest, UsageErrorsAreJsonIfAsked) {
  EXPECT_THAT(Controller("-j enable", "2>/dev/null").output,
              HasSubstr("\"schema\": \"klp.error/v1\""));
  EXPECT_THAT(Controller("enable --json", "2>/dev/null").output,
              HasSubstr("\"code\": \"usage\""));
}

TEST(CommandLineTest, TakesGlobalFlagsOnBothSidesOfTheVerb) {
  EXPECT_EQ(Controller("-j check").output.substr(0, 1), "{");
  EXPECT_EQ(Controller("check -j").output.substr(0, 1), "{");
}

TEST(CommandLineTest, ErrorsGoToStderr) {
  EXPECT_THAT(Controller("info /nowhere.ko", "2>/dev/null").output, IsEmpty());
  EXPECT_EQ(Controller("info /nowhere.ko").exit_code, 5);
}

}  // namespace
}  // namespace klpx
