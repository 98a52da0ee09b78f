// SPDX-License-Identifier: GPL-2.0
// What a person sees while a transition runs, on a terminal and in a log.
#include "controller/ops/transition/progress_display.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/ops/command_test.h"

namespace klpx {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kClear[] = "\r\033[K";

class ProgressDisplayTest : public testing::Test, protected CommandTest {
 protected:
  ProgressDisplayTest() {
    patch_.name = kName;
    patch_.enabled = true;
    patch_.transition = true;
    patch_.tasks = 100;
    patch_.pending = 9;
    patch_.elapsed_ms = 1000;
  }

  ptrdiff_t Lines() {
    const std::string said = err.str();
    return std::count(said.begin(), said.end(), '\n');
  }

  PatchState patch_;
};

TEST_F(ProgressDisplayTest, ALogGetsALineForWhatHasChanged) {
  ProgressDisplay display(context.console, "");
  display.Show(patch_, {}, absl::Seconds(1));
  EXPECT_EQ(Lines(), 1);
  EXPECT_THAT(err.str(), HasSubstr("91/100"));
  display.Show(patch_, {}, absl::Seconds(3));
  EXPECT_EQ(Lines(), 1);
  patch_.pending = 8;
  display.Show(patch_, {}, absl::Seconds(5));
  EXPECT_EQ(Lines(), 2);
}

TEST_F(ProgressDisplayTest, ALogIsNotFlooded) {
  ProgressDisplay display(context.console, "");
  for (int ms = 1000; ms < 2000; ms += 10) {
    patch_.pending = *patch_.pending + 1;
    display.Show(patch_, {}, absl::Milliseconds(ms));
  }
  EXPECT_EQ(Lines(), 1);
}

TEST_F(ProgressDisplayTest, TheLimitIsSaidOnceBeforeTheFirstLine) {
  ProgressDisplay display(context.console, "the limit");
  EXPECT_EQ(err.str(), "");
  display.Show(patch_, {}, absl::Seconds(1));
  patch_.pending = 8;
  display.Show(patch_, {}, absl::Seconds(5));
  EXPECT_THAT(err.str(), StartsWith("the limit\n"));
  EXPECT_EQ(Lines(), 3);
}

TEST_F(ProgressDisplayTest, IsSilentIfAskedAndBesideJson) {
  context.console.style.quiet = true;
  {
    ProgressDisplay display(context.console, "the limit");
    display.Show(patch_, {}, absl::Seconds(1));
  }
  context.console.style.quiet = false;
  context.console.style.json = true;
  {
    ProgressDisplay display(context.console, "the limit");
    display.Show(patch_, {}, absl::Seconds(1));
  }
  EXPECT_EQ(err.str(), "");
}

TEST_F(ProgressDisplayTest, ATerminalHasOneLineThatGoesInTheEnd) {
  context.console.style.err_is_terminal = true;
  {
    ProgressDisplay display(context.console, "");
    display.Show(patch_, {}, absl::Seconds(1));
    patch_.pending = 8;
    display.Show(patch_, {}, absl::Seconds(1));
    EXPECT_THAT(err.str(), HasSubstr("92/100"));
  }
  EXPECT_EQ(Lines(), 0);
  EXPECT_THAT(err.str(), EndsWith(kClear));
}

TEST_F(ProgressDisplayTest, ALineThatIsThereIsNotDrawnAgain) {
  context.console.style.err_is_terminal = true;
  ProgressDisplay display(context.console, "");
  display.Show(patch_, {}, absl::Seconds(1));
  const std::string before = err.str();
  display.Show(patch_, {}, absl::Seconds(2));
  EXPECT_EQ(err.str(), before);
}

TEST_F(ProgressDisplayTest, ATerminalOnWhichNothingWasDrawnStaysAsItIs) {
  context.console.style.err_is_terminal = true;
  {
    const ProgressDisplay display(context.console, "the limit");
  }
  EXPECT_EQ(err.str(), "");
}

TEST_F(ProgressDisplayTest, TheLineFitsWhateverTheWidth) {
  context.console.style.err_is_terminal = true;
  for (const size_t columns : {0, 1, 2, 10, 40, 80}) {
    context.console.style.err_columns = [columns] { return columns; };
    err.str("");
    ProgressDisplay display(context.console, "");
    display.Show(patch_, {}, absl::Seconds(1));
    const std::string line = err.str().substr(sizeof(kClear) - 1);
    EXPECT_LT(line.size(), std::max<size_t>(columns, 2)) << line;
  }
}

// Any user gives a task any name.
TEST_F(ProgressDisplayTest, ANameOfATaskDoesNotReachTheTerminalAsItIs) {
  context.console.style.err_is_terminal = true;
  observer.AddTask(42, "a\033[2Jb");
  Blocker blocker;
  blocker.info = observer.tasks[0];
  ProgressDisplay display(context.console, "");
  display.Show(patch_, {blocker}, absl::Seconds(1));
  EXPECT_EQ(err.str().find("\033[2J"), std::string::npos);
}

}  // namespace
}  // namespace klpx
