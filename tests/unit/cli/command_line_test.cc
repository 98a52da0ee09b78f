// SPDX-License-Identifier: GPL-2.0
// Runs the program itself: what it does with its arguments, before it asks the
// kernel.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "controller/cli/verbs.h"
#include "controller/core/base/exit_codes.h"

namespace klpx {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Result {
  int exit_code;
  std::string output;
};

// Runs klp-controller through the shell; the output includes stderr.
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
        "blocking -p x", "history --limit -1", "enbale x", "force a b",
        "top --replay last", "blocking --pid 4294967296", "uninstall"}) {
    const Result result = Controller(arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments << ": " << result.output;
    EXPECT_THAT(result.output, HasSubstr("klp-controller: "));
  }
}

TEST(CommandLineTest, SaysWhatIsWrongAndSuggestsAFix) {
  const char* const cases[][2] = {
      {"fly away", "unknown verb 'fly'; see 'klp-controller --help'"},
      {"enbale x", "unknown verb 'enbale'; did you mean 'enable'?"},
      {"rollback x", "did you mean 'disable'?"},
      {"", "no verb given"},
      {"enable", "enable needs a PATCH; see 'klp-controller enable --help'"},
      {"load", "enable needs a PATCH"},
      {"enable --timout 5 x", "no flag '--timout'; did you mean '--timeout'?"},
      {"status --watch", "no flag '--watch'; it belongs to blocking"},
      {"enable --timeout", "--timeout needs a value: --timeout TIME"},
      {"enable --timeout soon x", "'soon' is not a time; write 30, 30s"},
      {"signal --task abc", "--task: 'abc' is not a number (TID)"},
      {"blocking -p x", "--pid: 'x' is not a number (PID)"},
      {"enable --engine x y", "--engine: 'x' is not an engine; write klpx or"},
      {"adopt maybe", "adopt: unknown state 'maybe'; write on or off"},
      {"adopt on fix", "adopt takes STATE; 'fix' is one too many"},
      {"top --replay last", "--replay: 'last' is not a number (ID)"},
      {"--timeout 5 wait", "'--timeout' belongs after the verb"},
      {"list extra", "list takes no argument, but 'extra' was given"},
      {"wait a b", "wait takes PATCH; 'b' is one too many"}};
  for (const auto& [arguments, words] : cases) {
    const Result result = Controller(arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments;
    EXPECT_THAT(result.output, HasSubstr(words)) << arguments;
    EXPECT_LT(result.output.size(), 130u) << result.output;
  }
}

TEST(CommandLineTest, AcceptsHelpVersionAndAliases) {
  EXPECT_EQ(Controller("help").output, Controller("--help").output);
  EXPECT_EQ(Controller("help wait").output, Controller("wait --help").output);
  EXPECT_EQ(Controller("version").output, Controller("--version").output);
  EXPECT_EQ(Controller("help").exit_code, 0);
  for (const char* verb : {"install", "uninstall", "remove", "show", "log"}) {
    EXPECT_EQ(Controller(absl::StrCat(verb, " --help")).exit_code, 0) << verb;
  }
}

TEST(CommandLineTest, HelpFitsAndHidesItsLibrary) {
  std::vector<std::string> pages = {Controller("--help").output};
  for (const Verb& verb : Verbs()) {
    pages.push_back(Controller(absl::StrCat(verb.name, " --help")).output);
  }
  for (const std::string& page : pages) {
    EXPECT_THAT(page, Not(AnyOf(HasSubstr("TEXT"), HasSubstr("UINT"),
                                HasSubstr("REQUIRED"), HasSubstr("NONNEG"),
                                HasSubstr("Subcommand"))));
    for (const absl::string_view line : absl::StrSplit(page, '\n')) {
      EXPECT_LE(line.size(), 100u) << line;
    }
  }
  for (const char* title : {"CHANGE", "LOOK", "AT BOOT", "SERVICES"}) {
    EXPECT_THAT(pages[0], HasSubstr(title));
  }
}

TEST(CommandLineTest, UsageErrorsAreJsonOnRequest) {
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
