// SPDX-License-Identifier: GPL-2.0
// SQLite behind absl::Status: what opens, what fails and how.
#include "controller/store/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "controller/core/base/error.h"
#include "tests/unit/store/history_files.h"

namespace klpx {
namespace {

using ::testing::HasSubstr;

class DatabaseTest : public testing::Test, protected HistoryFiles {
 protected:
  DatabaseTest() { path_ = dir_ + "/test.db"; }

  absl::StatusOr<Database> OpenFor(Access access) {
    return Database::Open(path_, access, absl::ZeroDuration());
  }
  Database Writer() { return OpenFor(Access::kReadWrite).value(); }

  // With a table t of one column a, which holds 1 and 2.
  Database WithTable() {
    Database database = Writer();
    EXPECT_TRUE(database
                    .Execute("CREATE TABLE t (a); INSERT INTO t VALUES (1); "
                             "INSERT INTO t VALUES (2)")
                    .ok());
    return database;
  }
};

TEST_F(DatabaseTest, AReaderMakesNoFile) {
  EXPECT_TRUE(absl::IsNotFound(OpenFor(Access::kReadOnly).status()));
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(DatabaseTest, AWriterMakesOneThatOthersCannotRead) {
  WithTable();
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(path_).permissions() &
                (perms::others_all | perms::group_write | perms::owner_exec),
            perms::none);
}

TEST_F(DatabaseTest, WhatIsNoRegularFileIsLeftAlone) {
  for (const Access access : {Access::kReadOnly, Access::kReadWrite}) {
    std::filesystem::create_directory(path_);
    EXPECT_EQ(KindOf(OpenFor(access).status()), ErrorKind::kFailure);
    std::filesystem::remove(path_);
    Write(dir_ + "/elsewhere", "");
    std::filesystem::create_symlink(dir_ + "/elsewhere", path_);
    EXPECT_FALSE(OpenFor(access).ok());
    EXPECT_EQ(std::filesystem::file_size(dir_ + "/elsewhere"), 0u);
    std::filesystem::remove(path_);
  }
}

TEST_F(DatabaseTest, AFileOfAnotherKindIsNamedWithAWayOut) {
  Write(path_, std::string(4096, 'x'));
  const absl::Status status = OpenFor(Access::kReadWrite).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kFailure);
  EXPECT_THAT(std::string(status.message()), HasSubstr(path_));
  EXPECT_THAT(std::string(status.message()), HasSubstr("mv "));
  EXPECT_EQ(Read(path_), std::string(4096, 'x')) << "it was written to";
}

TEST_F(DatabaseTest, AReaderCannotWrite) {
  WithTable();
  Database reader = OpenFor(Access::kReadOnly).value();
  EXPECT_EQ(reader.Number("SELECT count(*) FROM t").value(), 2);
  EXPECT_EQ(KindOf(reader.Execute("DELETE FROM t")), ErrorKind::kNotPermitted);
}

TEST_F(DatabaseTest, ANumberIsThatOfTheFirstRowOrZero) {
  Database database = WithTable();
  EXPECT_EQ(database.Number("SELECT a FROM t ORDER BY a DESC").value(), 2);
  EXPECT_EQ(database.Number("SELECT a FROM t WHERE a > 2").value(), 0);
  EXPECT_FALSE(database.Number("SELECT").ok());
}

TEST_F(DatabaseTest, AStatementThatIsNoneFailsWhenItIsRun) {
  Database database = WithTable();
  Statement statement = database.Prepare("SELECT b FROM nothing WHERE a = ?");
  statement.Bind(1, "two", std::optional<int64_t>(3));
  EXPECT_FALSE(statement.Step().ok());
  EXPECT_FALSE(statement.Run().ok());
}

TEST_F(DatabaseTest, RowsComeOneAfterTheOtherThenNone) {
  Database database = WithTable();
  Statement select = database.Prepare("SELECT a FROM t ORDER BY a");
  EXPECT_TRUE(select.Step().value());
  EXPECT_EQ(select.Integer(), 1);
  EXPECT_TRUE(select.Step().value());
  EXPECT_EQ(select.Integer(), 2);
  EXPECT_FALSE(select.Step().value());
}

TEST_F(DatabaseTest, WhatIsBoundIsAValueAndNoSql) {
  Database database = WithTable();
  const std::string text("'; DROP TABLE t; --\0\xff", 21);
  Statement echo = database.Prepare("SELECT ?, ?, ?, typeof(?), typeof(?)");
  echo.Bind(text, INT64_MIN, std::optional<uint32_t>(), "",
            std::optional<int64_t>());
  ASSERT_TRUE(echo.Step().value());
  EXPECT_EQ(echo.Text(), text);
  EXPECT_EQ(echo.Integer(), INT64_MIN);
  EXPECT_EQ(echo.MaybeInteger(), std::nullopt);
  EXPECT_EQ(echo.Text(), "text") << "an empty text is not NULL";
  EXPECT_EQ(echo.Text(), "null");
}

TEST_F(DatabaseTest, WrongTypesReadAsNothing) {
  Database database = Writer();
  Statement select = database.Prepare("SELECT 'x', NULL, 5, NULL");
  ASSERT_TRUE(select.Step().value());
  EXPECT_EQ(select.Integer(), 0);
  EXPECT_EQ(select.Integer(), 0);
  EXPECT_EQ(select.Text(), "5");
  EXPECT_EQ(select.Text(), "");
}

TEST_F(DatabaseTest, ATransactionIsUndoneUnlessItIsCommitted) {
  Database database = WithTable();
  {
    auto transaction = Transaction::Begin(database);
    ASSERT_TRUE(transaction.ok());
    ASSERT_TRUE(database.Execute("DELETE FROM t").ok());
  }
  EXPECT_EQ(database.Number("SELECT count(*) FROM t").value(), 2);
  auto transaction = Transaction::Begin(database);
  ASSERT_TRUE(database.Execute("DELETE FROM t WHERE a = 1").ok());
  ASSERT_TRUE(transaction->Commit().ok());
  EXPECT_EQ(database.Number("SELECT count(*) FROM t").value(), 1);
}

TEST_F(DatabaseTest, ATransactionThatIsMovedIsUndoneOnce) {
  Database database = WithTable();
  {
    auto first = Transaction::Begin(database);
    ASSERT_TRUE(first.ok());
    const Transaction second = *std::move(first);
    ASSERT_TRUE(database.Execute("DELETE FROM t").ok());
  }
  EXPECT_EQ(database.Number("SELECT count(*) FROM t").value(), 2);
}

TEST_F(DatabaseTest, WhatAnotherHasLockedIsBusy) {
  Database first = WithTable();
  Database second = Writer();
  const auto transaction = Transaction::Begin(first);
  ASSERT_TRUE(transaction.ok());
  const auto status = Transaction::Begin(second).status();
  EXPECT_TRUE(IsBusy(status)) << status;
  EXPECT_FALSE(IsBusy(absl::OkStatus()));
  EXPECT_FALSE(IsBusy(absl::InternalError("")));
}

TEST_F(DatabaseTest, CountsWhatAStatementHasChanged) {
  Database database = WithTable();
  ASSERT_TRUE(database.Execute("DELETE FROM t WHERE a = 2").ok());
  EXPECT_EQ(database.Changes(), 1);
  ASSERT_TRUE(database.Execute("DELETE FROM t WHERE a = 2").ok());
  EXPECT_EQ(database.Changes(), 0);
  EXPECT_EQ(database.path(), path_);
}

// Only a damaged file has one so long.
TEST_F(DatabaseTest, AValueWithoutMeasureIsRefused) {
  Database database = Writer();
  Statement select = database.Prepare("SELECT zeroblob(1 << 30)");
  EXPECT_FALSE(select.Step().ok());
}

}  // namespace
}  // namespace klpx
