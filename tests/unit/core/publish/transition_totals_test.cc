// SPDX-License-Identifier: GPL-2.0
// Counters of the transitions of this boot.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "controller/core/base/metrics_text.h"
#include "controller/core/publish/metrics.h"
#include "tests/unit/core/publish/transition_samples.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string TotalsText(const TransitionTotals& totals) {
  std::vector<Family> families;
  totals.AddFamilies(families);
  return MetricsText(families, MetricsFormat::kPrometheus);
}

TEST(TransitionTotalsTest, DoNotFallWhenTheHistoryForgets) {
  TransitionTotals totals;
  totals.Absorb(HistoryOf({Transition(2, "completed", 100),
                           Transition(1, "reversed", 100)}),
                "b");
  const std::string before = TotalsText(totals);
  totals.Absorb(HistoryOf({Transition(2, "completed", 100)}), "b");
  EXPECT_EQ(TotalsText(totals), before);
  // Nor are they counted twice when it remembers again.
  totals.Absorb(HistoryOf({Transition(2, "completed", 100),
                           Transition(1, "reversed", 100)}),
                "b");
  EXPECT_EQ(TotalsText(totals), before);
}

TEST(TransitionTotalsTest, RunningOnesCountWhenTheyHaveEnded) {
  TransitionTotals totals;
  totals.Absorb(HistoryOf({Transition(1, "running", 100)}), "b");
  EXPECT_THAT(TotalsText(totals), Not(HasSubstr("klp_transitions_total{")));
  EXPECT_THAT(TotalsText(totals), HasSubstr("klp_fake_signals_total 2\n"));
  totals.Absorb(HistoryOf({Transition(1, "forced", 100)}), "b");
  EXPECT_THAT(TotalsText(totals), HasSubstr("result=\"forced\"} 1\n"));
}

TEST(TransitionTotalsTest, OtherBootsDoNotCount) {
  TransitionTotals totals;
  totals.Absorb(HistoryOf({Transition(1, "completed", 100)}), "another");
  EXPECT_THAT(TotalsText(totals), HasSubstr("_seconds_count 0\n"));
}

TEST(TransitionTotalsTest, OfNothingAreZero) {
  const std::string text = TotalsText(TransitionTotals());
  EXPECT_THAT(text, HasSubstr("klp_forces_total 0\n"));
  EXPECT_THAT(text, HasSubstr("{le=\"+Inf\"} 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("klp_transitions_total")));
}

TEST(TransitionTotalsTest, ABucketHoldsAllUpToItsBound) {
  TransitionTotals totals;
  totals.Absorb(HistoryOf({Transition(1, "completed", 250),
                           Transition(2, "completed", 251),
                           Transition(3, "completed", 999999)}),
                "b");
  const std::string text = TotalsText(totals);
  EXPECT_THAT(text, HasSubstr("{le=\"0.1\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("{le=\"0.25\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("{le=\"0.5\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("{le=\"300\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("{le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("_seconds_sum 1000.5\n"));
}

TEST(TransitionTotalsTest, OutcomesAndDirectionsAreCountedApart) {
  TransitionTotals totals;
  Json back = Transition(3, "completed", 1);
  back["direction"] = "unpatching";
  totals.Absorb(HistoryOf({Transition(1, "completed", 1),
                           Transition(2, "reversed", 1), back}),
                "b");
  const std::string text = TotalsText(totals);
  EXPECT_THAT(text, HasSubstr("\"patching\",result=\"completed\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\"patching\",result=\"reversed\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\"unpatching\",result=\"completed\"} 1\n"));
}

TEST(TransitionTotalsTest, AnotherBootBeginsAtZero) {
  TransitionTotals totals;
  totals.Absorb(HistoryOf({Transition(7, "completed", 100)}), "b");
  Json first = Transition(8, "completed", 100);
  first["boot_id"] = "c";
  totals.Absorb(HistoryOf({first, Transition(7, "completed", 100)}), "c");
  EXPECT_THAT(TotalsText(totals), HasSubstr("_seconds_count 1\n"));
}

// An engine that does not tell has null there.
TEST(TransitionTotalsTest, WhatIsNotKnownCountsAsNothing) {
  TransitionTotals totals;
  Json transition = Transition(1, "completed", 100);
  transition["signals"] = nullptr;
  transition["took_ms"] = nullptr;
  totals.Absorb(HistoryOf({transition}), "b");
  const std::string text = TotalsText(totals);
  EXPECT_THAT(text, HasSubstr("klp_fake_signals_total 0\n"));
  EXPECT_THAT(text, HasSubstr("_seconds_count 0\n"));
  EXPECT_THAT(text, HasSubstr("result=\"completed\"} 1\n"));
}

TEST(TransitionTotalsTest, FieldsOfAnyTypeAreSurvived) {
  for (const char* entry :
       {"null", "5", "{}", R"({"id": 1})", R"({"id": "1", "boot_id": "b"})",
        R"({"id": 18446744073709551615, "boot_id": "b"})"}) {
    TransitionTotals totals;
    totals.Absorb(HistoryOf({Json::parse(entry)}), "b");
    EXPECT_THAT(TotalsText(totals), HasSubstr("_seconds_count 0\n")) << entry;
  }
  TransitionTotals totals;
  totals.Absorb(nullptr, "b");
  EXPECT_THAT(TotalsText(totals), HasSubstr("_seconds_count 0\n"));
}

}  // namespace
}  // namespace klpx
