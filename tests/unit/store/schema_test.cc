// SPDX-License-Identifier: GPL-2.0
// Files that are new, old, newer, or of another program.
#include "controller/store/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/store/history_files.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

constexpr absl::string_view kSteps[] = {
    "CREATE TABLE one (a INTEGER) STRICT; INSERT INTO one VALUES (1)",
    "ALTER TABLE one ADD b INTEGER; UPDATE one SET b = a + 1",
    "this is not SQL"};

class SchemaTest : public testing::Test, protected HistoryFiles {
 protected:
  SchemaTest() : file_(dir_ + "/file.db") {}

  Database Raw() {
    return Database::Open(file_, Access::kReadWrite, absl::Seconds(1)).value();
  }

  std::string OpenError() {
    return std::string(
        HistoryStore::Open(file_, Access::kReadWrite).status().message());
  }

  std::string file_;
};

TEST_F(SchemaTest, MissingStepsRunOnce) {
  Database database = Raw();
  const auto steps = absl::MakeConstSpan(kSteps);
  ASSERT_TRUE(MigrateHistory(database, steps.first(1)).ok());
  ASSERT_TRUE(MigrateHistory(database, steps.first(2)).ok());
  ASSERT_TRUE(MigrateHistory(database, steps.first(2)).ok());
  EXPECT_EQ(database.Number("SELECT b FROM one").value(), 2);
  EXPECT_EQ(database.Number("PRAGMA user_version").value(), 2);
}

TEST_F(SchemaTest, AStepThatFailsLeavesTheOldVersion) {
  Database database = Raw();
  const auto steps = absl::MakeConstSpan(kSteps);
  ASSERT_TRUE(MigrateHistory(database, steps.first(1)).ok());
  EXPECT_FALSE(MigrateHistory(database, steps).ok());
  EXPECT_EQ(database.Number("PRAGMA user_version").value(), 1);
  EXPECT_FALSE(database.Number("SELECT b FROM one").ok());
}

TEST_F(SchemaTest, ANewerFileIsLeftAlone) {
  ASSERT_TRUE(HistoryStore::Open(file_, Access::kReadWrite).ok());
  ASSERT_TRUE(Raw().Execute("PRAGMA user_version=99").ok());
  EXPECT_THAT(OpenError(), HasSubstr("newer klp-controller (version 99"));
  EXPECT_THAT(OpenError(), HasSubstr(file_));
}

TEST_F(SchemaTest, AForeignDatabaseIsLeftAlone) {
  ASSERT_TRUE(Raw().Execute("CREATE TABLE theirs (a)").ok());
  EXPECT_THAT(OpenError(), HasSubstr("database of another program"));
  EXPECT_EQ(
      Raw()
          .Number("SELECT count(*) FROM sqlite_schema WHERE name='theirs'")
          .value(),
      1);
}

TEST_F(SchemaTest, AnEmptyFileBecomesAHistory) {
  Write(file_, "");
  EXPECT_EQ(OpenError(), "");
  EXPECT_EQ(Raw().Number("PRAGMA application_id").value(),
            kHistoryApplicationId);
  EXPECT_EQ(Raw().Number("PRAGMA synchronous").value(), 2);
}

}  // namespace
}  // namespace klpx
