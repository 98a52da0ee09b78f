// SPDX-License-Identifier: GPL-2.0
// SQLite behind absl::Status.
#include "controller/store/database.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/sys/io/errno_status.h"
#include "controller/sys/io/unique_fd.h"

namespace klpx {
namespace {

constexpr mode_t kFileMode = 0640;
// No text that we write is nearly as long; a damaged file may claim any length.
constexpr int kLongestValueBytes = 16 << 20;

std::string WayOut(int code, const std::string& path) {
  const std::string away =
      absl::StrCat("move it away ('mv ", path, " ", path,
                   ".old'); the next command creates a new one");
  switch (code & 0xff) {
    case SQLITE_NOTADB:
      return away;
    case SQLITE_CORRUPT:
      return absl::StrCat(away, "; 'sqlite3 ", path,
                          ".old .recover' shows what can be saved");
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return "make the file and its directory writable for root";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process writes to it; try again";
    case SQLITE_FULL:
    case SQLITE_IOERR:
      return "check whether its file system is full or damaged (df, dmesg)";
    default:
      return absl::StrCat("if it is not a history of klpx, ", away);
  }
}

absl::Status SqliteError(const std::string& path, int code,
                         absl::string_view what) {
  if ((code & 0xff) == SQLITE_BUSY) {
    return absl::UnavailableError(
        absl::StrCat("history ", path, ": ", what, "; ", WayOut(code, path)));
  }
  const bool rights =
      (code & 0xff) == SQLITE_READONLY || (code & 0xff) == SQLITE_PERM;
  const absl::string_view meaning = sqlite3_errstr(code);
  return Error(rights ? ErrorKind::kNotPermitted : ErrorKind::kFailure,
               "history ", path, ": ", what,
               what == meaning ? "" : absl::StrCat(" (", meaning, ")"), "; ",
               WayOut(code, path));
}

absl::Status CheckRegular(const std::string& path, Access access) {
  struct stat status = {};
  if (lstat(path.c_str(), &status) != 0) {
    const int error_number = errno;
    if (error_number != ENOENT) {
      return ErrnoError(error_number, absl::StrCat("history ", path));
    }
    if (access == Access::kReadWrite) return absl::OkStatus();
    return absl::NotFoundError(
        absl::StrCat("history ", path, ": no such file"));
  }
  if (S_ISREG(status.st_mode)) return absl::OkStatus();
  return Error(ErrorKind::kFailure, "history ", path,
               ": not a regular file; remove it");
}

// Creates the file with our mode, which SQLite copies to its other files. An
// existing file is not opened: closing it again would drop SQLite's POSIX locks
// of every other connection of this process, and another process would then
// remove their log.
absl::Status Create(const std::string& path) {
  const UniqueFd fd(open(path.c_str(),
                         O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                         kFileMode));
  if (fd.ok()) return absl::OkStatus();
  if (errno == EEXIST &&
      faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK, AT_EACCESS) == 0) {
    return absl::OkStatus();
  }
  const int error_number = errno;
  return ErrnoError(error_number,
                    absl::StrCat("history ", path,
                                 ": cannot be created or opened (its directory "
                                 "must exist and be writable)"));
}

}  // namespace

bool IsBusy(const absl::Status& status) { return absl::IsUnavailable(status); }

absl::StatusOr<bool> Statement::Step() {
  if (!broken_.ok()) return broken_;
  column_ = 0;
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3* handle = sqlite3_db_handle(statement_.get());
  return SqliteError(path_, code, sqlite3_errmsg(handle));
}

absl::Status Statement::Run() { return Step().status(); }

int64_t Statement::Integer() {
  return sqlite3_column_int64(statement_.get(), column_++);
}

std::optional<int64_t> Statement::MaybeInteger() {
  if (sqlite3_column_type(statement_.get(), column_) != SQLITE_NULL) {
    return Integer();
  }
  column_++;
  return std::nullopt;
}

std::string Statement::Text() {
  const int column = column_++;
  const unsigned char* text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) return "";
  return std::string(reinterpret_cast<const char*>(text),
                     sqlite3_column_bytes(statement_.get(), column));
}

void Statement::BindNext(int64_t value) {
  if (statement_) sqlite3_bind_int64(statement_.get(), ++index_, value);
}

void Statement::BindNext(absl::string_view value) {
  if (!statement_) return;
  // An empty view may have a null pointer, which SQLite would store as NULL.
  const char* data = value.empty() ? "" : value.data();
  sqlite3_bind_text(statement_.get(), ++index_, data,
                    static_cast<int>(value.size()), SQLITE_TRANSIENT);
}

absl::StatusOr<Database> Database::Open(const std::string& path, Access access,
                                        absl::Duration patience) {
  const bool writes = access == Access::kReadWrite;
  absl::Status status = CheckRegular(path, access);
  if (status.ok() && writes) status = Create(path);
  if (!status.ok()) return status;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(
      path.c_str(), &handle,
      writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY, nullptr);
  Database database(handle, path);
  if (code != SQLITE_OK) return SqliteError(path, code, "cannot be opened");
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, absl::ToInt64Milliseconds(patience));
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, kLongestValueBytes);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  status = database.Execute(
      "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
      "PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL");
  if (!status.ok()) return status;
  return database;
}

Statement Database::Prepare(absl::string_view sql) {
  Statement statement;
  sqlite3_stmt* prepared = nullptr;
  const int code =
      sqlite3_prepare_v2(handle_.get(), sql.data(),
                         static_cast<int>(sql.size()), &prepared, nullptr);
  statement.statement_.reset(prepared);
  statement.path_ = path_;
  if (code != SQLITE_OK) {
    statement.broken_ = SqliteError(path_, code, sqlite3_errmsg(handle_.get()));
  }
  return statement;
}

absl::Status Database::Execute(absl::string_view sql) {
  const int code = sqlite3_exec(handle_.get(), std::string(sql).c_str(),
                                nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return absl::OkStatus();
  return SqliteError(path_, code, sqlite3_errmsg(handle_.get()));
}

absl::StatusOr<int64_t> Database::Number(absl::string_view sql) {
  Statement statement = Prepare(sql);
  const absl::StatusOr<bool> row = statement.Step();
  if (!row.ok()) return row.status();
  return *row ? statement.Integer() : 0;
}

absl::StatusOr<Transaction> Transaction::Begin(Database& database) {
  const absl::Status begun = database.Execute("BEGIN IMMEDIATE");
  if (!begun.ok()) return begun;
  return Transaction(database);
}

Transaction::~Transaction() {
  if (database_ != nullptr) database_->Execute("ROLLBACK").IgnoreError();
}

absl::Status Transaction::Commit() {
  const absl::Status committed = database_->Execute("COMMIT");
  if (committed.ok()) database_ = nullptr;
  return committed;
}

}  // namespace klpx
