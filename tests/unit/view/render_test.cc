// SPDX-License-Identifier: GPL-2.0
// Whole screens as text.
#include "controller/view/render.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_split.h"
#include "tests/unit/view/samples.h"

namespace klpx {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

std::string Screen(TopState& top, int width = 80, int height = 24) {
  return Render(top, width, height).ToString();
}

std::vector<std::string> Rows(const std::string& screen) {
  return absl::StrSplit(screen, '\n');
}

class RenderTest : public testing::Test {
 protected:
  RenderTest() {
    Blocker slow = MakeTask(4711, "postgres", "ext4_file_read_iter",
                            KLPX_UNINTERRUPTIBLE, 3);
    slow.info.signals = 2;
    Sample before = MakeSample();
    before.host.monotonic_ns -= kSecondNs;
    before.patches[0].pending = 4;
    Show(top, before);
    Show(top, MakeSample({MakeTask(11, "sshd"), MakeTask(12, "cron"), slow}));
  }

  TopState top;
};

// A replay's events come from a file: the time of one may be any number.
TEST_F(RenderTest, AnEventOfADamagedRecordIsNotFresh) {
  for (const int64_t time_ns : {INT64_MIN, INT64_MIN + 1}) {
    top.events = {{time_ns, "long ago", Style::kPlain}};
    EXPECT_THAT(Screen(top, 80, 10), Not(HasSubstr("long ago")));
  }
}

TEST_F(RenderTest, EightyColumns) {
  EXPECT_EQ(
      Screen(top),
      R"(klp-controller top  web1, Linux 6.12.0  12:00:00                        every 1s
fix_poll: patching, 3 of 120 tasks left, for 12s
[##############################################..] 98%, 1.0 tasks/s, 3.00s to go
patches: fix_poll enabling
blocking: 2 on-function, 1 uninterruptible
sort age  group none  filter none
   TID  PID COMM     S REASON          FUNCTION               AGE CPU SIG
>   11   11 sshd     S on-function     do_poll                11s   0   0
    12   12 cron     S on-function     do_poll                11s   0   0
  4711 4711 postgres S uninterruptible ext4_file_read_iter  9.00s   0   2








recent events (e: more)
12:00:00.00  sshd/11 blocks: on-function do_poll
12:00:00.00  cron/12 blocks: on-function do_poll
12:00:00.00  postgres/4711 blocks: uninterruptible ext4_file_read_iter

q quit ? help enter stack s sort g group f filter x signal R reverse F force
)");
}

TEST_F(RenderTest, FortyColumnsAndTenRows) {
  EXPECT_EQ(Screen(top, 40, 10), R"(klp-controller top  web1, Lin+  every 1s
fix_poll: patching, 3 of 120 tasks left+
[#########.] 98%, 1.0 tasks/s, 3.00s to+
   TID COMM     REASON   FUNCTION    AGE
>   11 sshd     on-func+ do_poll     11s
    12 cron     on-func+ do_poll     11s
  4711 postgres uninter+ ext4_fi+  9.00s


postgres/4711 blocks: uninterruptible e+
)");
}

TEST_F(RenderTest, TwoHundredColumnsShowEverything) {
  const std::vector<std::string> rows = Rows(Screen(top, 200, 50));
  EXPECT_THAT(rows, SizeIs(51));
  EXPECT_EQ(rows[6],
            "   TID  PID COMM     S REASON          FUNCTION               AGE "
            "CPU SIG CGROUP");
  EXPECT_EQ(rows[9],
            "  4711 4711 postgres S uninterruptible ext4_file_read_iter  9.00s "
            "  0   2 /system.slice/a.service");
}

TEST_F(RenderTest, GroupsInEightyColumns) {
  Type(top, "gz");
  EXPECT_EQ(
      Screen(top, 80, 14),
      R"(klp-controller top  web1, Linux 6.12.0  12:00:00                        every 1s
fix_poll: patching, 3 of 120 tasks left, for 12s
[##############################################..] 98%, 1.0 tasks/s, 3.00s to go
     TID  PID COMM     S REASON          FUNCTION               AGE CPU SIG
> - 2 tasks, oldest 11s: do_poll
      11   11 sshd     S on-function     do_poll                11s   0   0
      12   12 cron     S on-function     do_poll                11s   0   0
  - 1 task, oldest 9.00s: ext4_file_read_iter
    4711 4711 postgres S uninterruptible ext4_file_read_iter  9.00s   0   2

recent events (e: more)
12:00:00.00  cron/12 blocks: on-function do_poll
12:00:00.00  postgres/4711 blocks: uninterruptible ext4_file_read_iter
q quit ? help enter stack s sort g group f filter x signal R reverse F force
)");
}

TEST_F(RenderTest, TheSelectedLineIsMarkedWithoutColours) {
  Type(top, "j");
  const std::vector<std::string> rows = Rows(Screen(top));
  EXPECT_EQ(rows[8][0], '>');
  EXPECT_EQ(rows[7][0], ' ');
  EXPECT_EQ(Render(top, 80, 24).At(5, 8).style, Style::kSelected);
}

TEST_F(RenderTest, EverySizeIsDrawnInsideOfIt) {
  for (const char* keys : {"", "g", "z", "?", "q", "e", "F"}) {
    Type(top, keys);
    for (int width = 0; width < 90; width += 3) {
      for (int height = 0; height < 30; height++) {
        const Grid grid = Render(top, width, height);
        ASSERT_EQ(grid.width(), width);
        ASSERT_EQ(grid.height(), height);
      }
    }
  }
}

TEST_F(RenderTest, TheSelectedTaskIsOnTheScreenWhateverItsSize) {
  std::vector<Blocker> tasks;
  for (uint32_t tid = 1000; tid < 1200; tid++) {
    tasks.push_back(MakeTask(tid, "worker"));
  }
  Show(top, MakeSample(tasks));
  Press(top, {KeyCode::kEnd});
  for (const auto& [width, height] :
       {std::pair(80, 24), {40, 10}, {200, 50}, {80, 24}}) {
    EXPECT_THAT(Screen(top, width, height), HasSubstr("> 1199"));
  }
}

TEST_F(RenderTest, NamesCannotDriveTheTerminal) {
  Blocker evil = MakeTask(66, "\033]0;x\007\r\n", "\xe6\x97\xa5\xe6\x9c\xac");
  evil.cgroup = "/\033[2J";
  evil.cmdline = "rm\n-rf\033c";
  Show(top, MakeSample({evil}));
  Press(top, {KeyCode::kEnter});
  Take(top, TaskDetail{evil.info.key, {"f\033[31m+0x1"}, "", "", ""});
  for (const char* keys : {"", "q", "ggg", "g", "e"}) {
    Type(top, keys);
    for (const char c : Screen(top, 200, 50)) {
      ASSERT_TRUE(c == '\n' || (c >= ' ' && c < 0x7f)) << static_cast<int>(c);
    }
  }
}

TEST_F(RenderTest, ATaskWithItsStack) {
  Press(top, {KeyCode::kEnter});
  EXPECT_THAT(Screen(top), HasSubstr("(being read)"));
  Take(top, TaskDetail{top.task->info.key,
                       {"do_poll+0x12", "__x64_sys_poll+0x34"},
                       "sshd -D",
                       "/a",
                       ""});
  EXPECT_THAT(Screen(top), HasSubstr("task 11 sshd, process 11\n"));
  EXPECT_THAT(Screen(top), HasSubstr("  do_poll+0x12\n  __x64_sys_poll+0x34"));
  EXPECT_THAT(Screen(top), HasSubstr("command:  sshd -D"));
  Show(top, MakeSample());
  EXPECT_THAT(Screen(top), HasSubstr("SWITCHED OR GONE"));
}

TEST_F(RenderTest, APageScrollsToItsEndAndNoFurther) {
  Type(top, "?");
  EXPECT_THAT(Screen(top, 80, 12), HasSubstr("more lines below"));
  Press(top, {KeyCode::kEnd});
  EXPECT_THAT(Screen(top, 80, 12), HasSubstr("the transition continues."));
  Press(top, {KeyCode::kHome});
  EXPECT_THAT(Screen(top, 80, 12), HasSubstr("up down k j"));
}

TEST_F(RenderTest, ALowScreenStillShowsTheEffectOfAKey) {
  Sample settled;
  settled.host.monotonic_ns = top.sample->host.monotonic_ns + 1;
  Show(top, settled);
  Type(top, "x");
  EXPECT_THAT(Screen(top, 40, 10), HasSubstr("no patch is in transition"));
}

TEST_F(RenderTest, SaysWhyTheBlockersAreNotKnown) {
  Sample sample = MakeSample();
  sample.blockers_missing = "needs root; run top with sudo";
  Show(top, sample);
  for (const int height : {10, 24}) {
    EXPECT_THAT(Screen(top, 80, height),
                HasSubstr("unknown: needs root; run top with sudo"));
  }
}

TEST_F(RenderTest, NeverSaysHundredPercentBeforeTheEnd) {
  Sample sample = MakeSample({MakeTask(1, "a")});
  sample.patches[0].tasks = 1000000;
  Show(top, sample);
  EXPECT_THAT(Screen(top), HasSubstr("99%"));
  EXPECT_THAT(Screen(top), Not(HasSubstr("100%")));
}

TEST_F(RenderTest, SaysWhenASampleTakesLong) {
  Sample sample = MakeSample();
  sample.took = absl::Milliseconds(900);
  Show(top, sample);
  EXPECT_THAT(Screen(top), HasSubstr("an update takes 0.90s"));
}

TEST_F(RenderTest, ThePriceAndTheWord) {
  Type(top, "F");
  EXPECT_THAT(Screen(top), HasSubstr("finding out what it would cost"));
  Take(top,
       {top.question, true, "Forcing switches tasks\nTID  PID\n11   11\n"});
  EXPECT_THAT(Screen(top), HasSubstr("Forcing switches tasks\nTID  PID\n"));
  Type(top, "for");
  EXPECT_THAT(Screen(top), HasSubstr("type 'force' and enter, or esc: for_"));
}

TEST_F(RenderTest, IdleShowsPatchesAndTheLastTransitions) {
  Sample idle = MakeSample();
  idle.patches[0].transition = false;
  TransitionRecord record;
  record.id = 12;
  record.patch = "fix_poll";
  record.begun = idle.host.time - absl::Minutes(5);
  record.outcome = Outcome::kReversed;
  idle.history = {record};
  Show(top, idle);
  const std::string screen = Screen(top);
  EXPECT_THAT(screen, HasSubstr("no patch is in transition"));
  EXPECT_THAT(screen, HasSubstr("fix_poll  enabled"));
  EXPECT_THAT(screen,
              HasSubstr("12  5m00s ago  fix_poll  patching   reversed"));
  idle.engine_missing = "klpx.ko is not loaded";
  idle.history_missing = "needs root";
  Show(top, idle);
  EXPECT_THAT(Screen(top), HasSubstr("klpx.ko is not loaded"));
  EXPECT_THAT(Screen(top), HasSubstr("history: needs root"));
}

TEST_F(RenderTest, AReplayShowsItsClockAndNoStateOrCpu) {
  TransitionRecord record;
  record.id = 7;
  record.patch = "fix_poll";
  record.begun_ns = kStartNs;
  record.started_ns = kStartNs;
  record.ended_ns = kStartNs + 20 * kSecondNs;
  record.tasks = 120;
  BlockerRecord task;
  task.key.tid = 5;
  task.comm = "cat";
  task.reason = "on-function";
  task.since_ns = kStartNs;
  task.seen_ns = kStartNs + 20 * kSecondNs;
  record.blocked = {task};
  StartReplay(top, Replay({}, record));
  Type(top, "5");
  const std::vector<std::string> rows = Rows(Screen(top));
  EXPECT_THAT(rows[0], EndsWith("REPLAY of 7, speed 1"));
  EXPECT_EQ(rows[1], "fix_poll: patching, 120 tasks to switch, for 10s");
  EXPECT_THAT(rows[2], HasSubstr("...] 10s of 20s, starting"));
  EXPECT_THAT(rows[6], HasSubstr("cat  - on-function"));
}

}  // namespace
}  // namespace klpx
