// SPDX-License-Identifier: GPL-2.0
// The history as it is served: cut into texts once.
#include "controller/web/history_texts.h"

#include <gtest/gtest.h>

#include "controller/core/publish/snapshot.h"
#include "tests/unit/web/view_files.h"

namespace klpx {
namespace {

Json Sample() { return ParseSnapshot(StuckSnapshot("b", 1000, 9))->history; }

TEST(HistoryTextsTest, TheTagChangesWithWhatIsInIt) {
  Json history = Sample();
  const HistoryTexts first(history);
  history["time"] = "another";
  EXPECT_EQ(HistoryTexts(history).tag(), first.tag());
  history["transitions"][1]["outcome"] = "reversed";
  EXPECT_NE(HistoryTexts(history).tag(), first.tag());
}

TEST(HistoryTextsTest, IsMadeOnceForAll) {
  const HistoryTexts history(Sample());
  EXPECT_EQ(history.Newest(100, true), history.Newest(99, true));
  EXPECT_EQ(Json::parse(*history.Newest(0, false))["transitions"].size(), 0u);
  const Json none = Json::parse(*HistoryTexts(Json::object()).Newest(9, true));
  EXPECT_TRUE(none["transitions"].empty());
}

TEST(HistoryTextsTest, TheNewestComeFirstAndNoMoreThanAskedFor) {
  const HistoryTexts history(Sample());
  const Json one = Json::parse(*history.Newest(1, false));
  ASSERT_EQ(one["transitions"].size(), 1u);
  EXPECT_EQ(one["transitions"][0]["id"], 3);
  EXPECT_EQ(one["schema"], "klp.history/v1");
  EXPECT_EQ(Json::parse(*history.Newest(100, false))["transitions"].size(), 2u);
}

TEST(HistoryTextsTest, BrieflyIsWithoutWhatIsLong) {
  const HistoryTexts history(Sample());
  const Json whole = Json::parse(*history.Newest(1, false))["transitions"][0];
  const Json brief = Json::parse(*history.Newest(1, true))["transitions"][0];
  for (const char* name : {"blocked", "events", "forces"}) {
    EXPECT_TRUE(whole.contains(name)) << name;
    EXPECT_FALSE(brief.contains(name)) << name;
  }
  EXPECT_EQ(brief["patch"], "fix");
}

TEST(HistoryTextsTest, OneIsWholeAndAlone) {
  const HistoryTexts history(Sample());
  const Json one = Json::parse(*history.One(2));
  ASSERT_EQ(one["transitions"].size(), 1u);
  EXPECT_EQ(one["transitions"][0]["patch"], "old");
  EXPECT_TRUE(one["transitions"][0].contains("events"));
}

TEST(HistoryTextsTest, OneThatIsNotInItIsNone) {
  EXPECT_EQ(HistoryTexts(Sample()).One(4), nullptr);
  EXPECT_EQ(HistoryTexts(Sample()).One(INT64_MIN), nullptr);
}

// The file may have been written by any user.
TEST(HistoryTextsTest, WhatIsNoHistoryIsAnEmptyOne) {
  for (const char* text :
       {"null", "{}", "[]", "7", "\"x\"", "{\"transitions\": null}",
        "{\"transitions\": {\"a\": 1}}"}) {
    const HistoryTexts history(Json::parse(text));
    const Json newest = Json::parse(*history.Newest(9, true), nullptr, false);
    ASSERT_FALSE(newest.is_discarded()) << text;
    EXPECT_EQ(newest["transitions"].size(), 0u) << text;
  }
}

TEST(HistoryTextsTest, EntriesThatAreNoTransitionsBreakNothing) {
  const HistoryTexts history(
      Json::parse(R"({"transitions": [1, "x", null, [], {"id": "3"}]})"));
  for (const bool brief : {true, false}) {
    const Json newest = Json::parse(*history.Newest(9, brief), nullptr, false);
    ASSERT_FALSE(newest.is_discarded());
    EXPECT_EQ(newest["transitions"].size(), 5u);
  }
  EXPECT_EQ(history.One(3), nullptr);
}

TEST(HistoryTextsTest, ATextThatIsNoUtf8IsServedAllTheSame) {
  Json json = Json::object();
  json["transitions"] = {{{"id", 1}, {"patch", "a\xff"}}};
  const HistoryTexts history(json);
  EXPECT_FALSE(
      Json::parse(*history.Newest(9, false), nullptr, false).is_discarded());
}

}  // namespace
}  // namespace klpx
