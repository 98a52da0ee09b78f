// SPDX-License-Identifier: GPL-2.0
// SQLite behind absl::Status: the owners of a connection and of a statement,
// and errors that name the file and what to do. Knows nothing of history.
#ifndef KLPX_CONTROLLER_STORE_DATABASE_H_
#define KLPX_CONTROLLER_STORE_DATABASE_H_

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace klpx {

// One use of one SQL statement. Step() reports the errors of preparing it, so
// that callers can bind values without checking each time.
class Statement {
 public:
  template <typename... Values>
  Statement& Bind(const Values&... values) {
    (BindNext(values), ...);
    return *this;
  }

  // True if there is a row; then its columns can be read.
  absl::StatusOr<bool> Step();
  // For statements without rows.
  absl::Status Run();

  // Read the next column of the row, from the left; a wrong type reads as 0 or
  // "".
  int64_t Integer();
  std::optional<int64_t> MaybeInteger();
  std::string Text();

 private:
  friend class Database;
  Statement() : statement_(nullptr, sqlite3_finalize) {}
  void BindNext(int64_t value);
  void BindNext(absl::string_view value);
  template <typename T>
  void BindNext(const std::optional<T>& value) {
    if (value) {
      BindNext(static_cast<int64_t>(*value));
    } else {
      index_++;  // unbound is NULL
    }
  }

  std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement_;
  std::string path_;
  absl::Status broken_;  // the error of the preparation
  int index_ = 0;
  int column_ = 0;
};

// Did another process hold the lock?
bool IsBusy(const absl::Status& status);

enum class Access { kReadOnly, kReadWrite };

// A connection, to be used by one thread. Other processes may have their own.
class Database {
 public:
  // kReadWrite creates the file if it does not exist, readable by its owner and
  // group only. kReadOnly fails with kNotFound then.
  static absl::StatusOr<Database> Open(const std::string& path, Access access,
                                       absl::Duration patience);

  Statement Prepare(absl::string_view sql);
  absl::Status Execute(absl::string_view sql);
  // The first column of the only row.
  absl::StatusOr<int64_t> Number(absl::string_view sql);

  int64_t LastId() const { return sqlite3_last_insert_rowid(handle_.get()); }
  int64_t Changes() const { return sqlite3_changes(handle_.get()); }
  const std::string& path() const { return path_; }

 private:
  Database(sqlite3* handle, std::string path)
      : handle_(handle, sqlite3_close_v2), path_(std::move(path)) {}

  std::unique_ptr<sqlite3, int (*)(sqlite3*)> handle_;
  std::string path_;
};

// A transaction that is rolled back unless Commit() has returned OK.
class Transaction {
 public:
  static absl::StatusOr<Transaction> Begin(Database& database);
  Transaction(Transaction&& other) noexcept
      : database_(std::exchange(other.database_, nullptr)) {}
  ~Transaction();
  absl::Status Commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}

  Database* database_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_STORE_DATABASE_H_
