// SPDX-License-Identifier: GPL-2.0
// What is read of a history.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "controller/store/store.h"
#include "tests/unit/store/history_files.h"

namespace klpx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class StoreReadTest : public testing::Test, protected HistoryFiles {};

TEST_F(StoreReadTest, Filters) {
  auto store = Open();
  TransitionRecord forced = Ended(1, 2);
  TransitionRecord other = Ended(2);
  other.patch = "other";
  other.begun = absl::FromUnixSeconds(1800000000);
  other.outcome = Outcome::kReversed;
  ASSERT_TRUE(store->Begin(forced).ok());
  ASSERT_TRUE(store->Begin(other).ok());
  HistoryFilter filter;
  filter.patch = "other";
  EXPECT_THAT(*store->Query(filter), SizeIs(1));
  filter = {};
  filter.since = absl::FromUnixSeconds(1750000000);
  EXPECT_EQ(store->Query(filter)->at(0).patch, "other");
  filter = {};
  filter.until = absl::FromUnixSeconds(1750000000);
  EXPECT_EQ(store->Query(filter)->at(0).patch, "fix");
  filter = {};
  filter.outcome = Outcome::kReversed;
  EXPECT_EQ(store->Query(filter)->at(0).patch, "other");
  filter = {};
  filter.forced = true;
  EXPECT_EQ(store->Query(filter)->at(0).patch, "fix");
  filter = {};
  filter.limit = 1;
  EXPECT_EQ(store->Query(filter)->at(0).patch, "other");
  filter = {};
  filter.boot_id = "before";
  EXPECT_THAT(*store->Query(filter), IsEmpty());
}

TEST_F(StoreReadTest, AnswersThatATransitionIsNotThere) {
  EXPECT_TRUE(absl::IsNotFound(Open()->Find(1).status()));
  EXPECT_TRUE(absl::IsNotFound(
      HistoryStore::Open(dir_ + "/none", Access::kReadOnly).status()));
}

TEST_F(StoreReadTest, TheNewestIsFirst) {
  auto store = Open();
  for (int i = 1; i < 4; i++) ASSERT_TRUE(store->Begin(Ended(i)).ok());
  std::vector<int64_t> starts;
  for (const TransitionRecord& record : store->Query({}).value()) {
    starts.push_back(*record.started_ns);
  }
  EXPECT_THAT(starts, ElementsAre(3, 2, 1));
}

TEST_F(StoreReadTest, ATimeAtTheBoundIsWithinIt) {
  auto store = Open();
  const TransitionRecord record = Ended(1);
  ASSERT_TRUE(store->Begin(record).ok());
  HistoryFilter filter;
  filter.since = filter.until = record.begun;
  EXPECT_THAT(*store->Query(filter), SizeIs(1));
  filter.since = record.begun + absl::Microseconds(1);
  EXPECT_THAT(*store->Query(filter), IsEmpty());
}

TEST_F(StoreReadTest, TimesWithoutAnEndFilterNothing) {
  auto store = Open();
  ASSERT_TRUE(store->Begin(Ended(1)).ok());
  HistoryFilter filter;
  filter.since = absl::InfinitePast();
  filter.until = absl::InfiniteFuture();
  EXPECT_THAT(*store->Query(filter), SizeIs(1));
}

TEST_F(StoreReadTest, ANameCanBeAPatternAndNothingElse) {
  auto store = Open();
  ASSERT_TRUE(store->Begin(Record("fix_a")).ok());
  ASSERT_TRUE(store->Begin(Record("fix_b")).ok());
  HistoryFilter filter;
  for (const auto& [name, found] :
       {std::pair("fix_a", 1u), std::pair("fix_*", 2u), std::pair("fix", 0u),
        std::pair("%", 0u), std::pair("' OR 1 --", 0u)}) {
    filter.patch = name;
    EXPECT_THAT(*store->Query(filter), SizeIs(found)) << name;
  }
}

TEST_F(StoreReadTest, PartsComeOnlyWhenAskedFor) {
  auto store = Open();
  const int64_t id = store->Begin(Record()).value();
  ASSERT_TRUE(store->SawBlockers(id, {Task(1)}, 1, 1).ok());
  HistoryFilter filter;
  EXPECT_THAT(store->Query(filter)->at(0).blocked, IsEmpty());
  filter.whole = true;
  EXPECT_THAT(store->Query(filter)->at(0).blocked, SizeIs(1));
}

TEST_F(StoreReadTest, EventsAreInTheOrderOfTimeThenOfWriting) {
  auto store = Open();
  const int64_t id = store->Begin(Record()).value();
  for (const auto& [time, text] :
       {std::pair(5, "b"), std::pair(1, "a"), std::pair(5, "c")}) {
    ASSERT_TRUE(store->AddEvent(id, {time, "kind", text, ""}).ok());
  }
  std::string order;
  for (const HistoryEvent& event : store->Find(id)->events) order += event.text;
  EXPECT_EQ(order, "abc");
}

TEST_F(StoreReadTest, WhereAForceWentIsKnownOrNot) {
  auto store = Open();
  const int64_t id = store->Begin(Record()).value();
  ASSERT_TRUE(store
                  ->AddForces(id, {{Task(1), true, 11, true},
                                   {Task(2), true, 12, false},
                                   {Task(3), true, 13, std::nullopt}})
                  .ok());
  const auto forces = store->Find(id)->forces;
  ASSERT_THAT(forces, SizeIs(3));
  EXPECT_EQ(forces[0].into, true);
  EXPECT_EQ(forces[1].into, false);
  EXPECT_EQ(forces[2].into, std::nullopt);
}

// An announcement that nothing came of is no transition.
TEST_F(StoreReadTest, TheNewestOfAPatchHasStarted) {
  auto store = Open();
  EXPECT_EQ(store->Newest("now", "fix").value(), 0);
  const int64_t later = store->Begin(Ended(9)).value();
  ASSERT_TRUE(store->Begin(Ended(5)).ok());
  ASSERT_TRUE(store->Begin(Record()).ok());
  EXPECT_EQ(store->Newest("now", "fix").value(), later);
  EXPECT_EQ(store->Newest("now", "other").value(), 0);
}

TEST_F(StoreReadTest, AReaderSeesWhatAWriterHasWritten) {
  auto store = Open();
  ASSERT_TRUE(store->Begin(Ended(1)).ok());
  auto reader = HistoryStore::Open(path_, Access::kReadOnly);
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_THAT(*reader->Query({}), SizeIs(1));
  ASSERT_TRUE(store->Begin(Ended(2)).ok());
  EXPECT_THAT(*reader->Query({}), SizeIs(2));
  EXPECT_FALSE(reader->Begin(Ended(3)).ok());
}

TEST_F(StoreReadTest, AHistoryThatIsSoundHasNothingWrong) {
  auto store = Open();
  ASSERT_TRUE(store->Begin(Ended(1)).ok());
  EXPECT_EQ(store->CheckIntegrity().value(), "");
}

}  // namespace
}  // namespace klpx
