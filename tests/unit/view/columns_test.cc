// SPDX-License-Identifier: GPL-2.0
#include "controller/view/columns.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/unit/view/samples.h"

namespace klpx {
namespace {

int Total(const std::vector<Column>& columns) {
  int total = static_cast<int>(columns.size()) - 1;
  for (const Column& column : columns) total += column.width;
  return total;
}

const Column* Find(const std::vector<Column>& columns, Order order) {
  const auto at =
      std::find_if(columns.begin(), columns.end(),
                   [&](const Column& column) { return column.order == order; });
  return at == columns.end() ? nullptr : &*at;
}

std::string CellOf(Order order, const Blocker& blocker, const Sample& sample) {
  return CellText({order, "", /*width=*/40}, blocker, sample);
}

TEST(ColumnsTest, AWideScreenHasThemAll) {
  const auto columns = FitColumns(MakeSample({MakeTask(1, "cat")}), 200);
  EXPECT_EQ(columns.size(), 10u);
  EXPECT_EQ(columns.front().title, "TID");
  EXPECT_EQ(columns.back().title, "CGROUP");
}

TEST(ColumnsTest, WhatTellsLeastGoesFirst) {
  const Sample sample = MakeSample({MakeTask(1, "cat")});
  size_t before = 10;
  for (int width = 200; width >= 20; width--) {
    const auto columns = FitColumns(sample, width);
    EXPECT_LE(columns.size(), before) << width;
    before = columns.size();
    EXPECT_NE(Find(columns, Order::kTid), nullptr) << width;
    const bool has_cgroup = Find(columns, Order::kCgroup) != nullptr;
    const bool has_reason = Find(columns, Order::kReason) != nullptr;
    EXPECT_LE(has_cgroup, has_reason) << width;
  }
}

TEST(ColumnsTest, NeverWiderThanTheScreen) {
  Sample sample = MakeSample();
  for (int i = 0; i < 5; i++) {
    sample.blockers.push_back(
        MakeTask(4000000 + i, "a-name-of-fifteen", std::string(100, 'f')));
    sample.blockers.back().cgroup = std::string(500, 'c');
  }
  for (int width = 10; width < 300; width++) {
    EXPECT_LE(Total(FitColumns(sample, width)), width) << width;
  }
}

// A wrong number is worse than none.
TEST(ColumnsTest, NumbersAreNeverCut) {
  Blocker blocker = MakeTask(4194304, "cat");
  blocker.info.signals = 1000000;
  const Sample sample = MakeSample({blocker});
  for (int width = 10; width < 200; width++) {
    for (const Column& column : FitColumns(sample, width)) {
      const bool is_long = column.order == Order::kTid ||
                           column.order == Order::kPid ||
                           column.order == Order::kSignals;
      EXPECT_GE(column.width, is_long ? 7 : 0) << width;
    }
  }
}

TEST(ColumnsTest, AScreenWithoutRoomIsSurvived) {
  for (const int width : {-5, 0, 1}) {
    for (const Column& column :
         FitColumns(MakeSample({MakeTask(1, "cat")}), width)) {
      EXPECT_GE(column.width, 0);
    }
  }
}

TEST(CellTextTest, ShowsWhatTheTaskHas) {
  Blocker blocker = MakeTask(42, "cat", "do_open", KLPX_ON_FUNCTION, 3);
  blocker.info.pid = 40;
  blocker.info.cpu = 7;
  blocker.info.signals = 2;
  const Sample sample = MakeSample({blocker});
  EXPECT_EQ(CellOf(Order::kTid, blocker, sample), "42");
  EXPECT_EQ(CellOf(Order::kPid, blocker, sample), "40");
  EXPECT_EQ(CellOf(Order::kComm, blocker, sample), "cat");
  EXPECT_EQ(CellOf(Order::kState, blocker, sample), "S");
  EXPECT_EQ(CellOf(Order::kReason, blocker, sample), "on-function");
  EXPECT_EQ(CellOf(Order::kFunction, blocker, sample), "do_open");
  EXPECT_EQ(CellOf(Order::kAge, blocker, sample), "9.00s");
  EXPECT_EQ(CellOf(Order::kCpu, blocker, sample), "7");
  EXPECT_EQ(CellOf(Order::kSignals, blocker, sample), "2");
  EXPECT_EQ(CellOf(Order::kCgroup, blocker, sample), "/system.slice/a.service");
}

TEST(CellTextTest, WhatIsNotKnownIsADash) {
  Blocker blocker = MakeTask(42, "cat", "");
  blocker.info.since_ns = 0;
  blocker.cgroup = "";
  Sample sample = MakeSample({blocker});
  EXPECT_EQ(CellOf(Order::kFunction, blocker, sample), "-");
  EXPECT_EQ(CellOf(Order::kAge, blocker, sample), "-");
  EXPECT_EQ(CellOf(Order::kCgroup, blocker, sample), "-");
  sample.recorded = true;
  EXPECT_EQ(CellOf(Order::kState, blocker, sample), "-");
  EXPECT_EQ(CellOf(Order::kCpu, blocker, sample), "-");
}

}  // namespace
}  // namespace klpx
