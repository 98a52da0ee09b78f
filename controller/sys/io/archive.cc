// SPDX-License-Identifier: GPL-2.0
#include "controller/sys/io/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "controller/sys/io/errno_status.h"
#include "controller/sys/io/unique_fd.h"

namespace klpx {
namespace {

using Writer = std::unique_ptr<archive, int (*)(archive*)>;
using Entry = std::unique_ptr<archive_entry, void (*)(archive_entry*)>;

absl::Status Broken(archive* writer, const std::string& path) {
  const char* why = writer == nullptr ? nullptr : archive_error_string(writer);
  return absl::InternalError(
      absl::StrCat(path, ": cannot be written: ", why ? why : "no memory"));
}

absl::Status AddFile(archive* writer, const std::string& path,
                     const ArchivedFile& file, absl::Time time) {
  const Entry entry(archive_entry_new(), archive_entry_free);
  if (entry == nullptr) return Broken(writer, path);
  archive_entry_set_pathname(entry.get(), file.name.c_str());
  archive_entry_set_size(entry.get(),
                         static_cast<la_int64_t>(file.content.size()));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0600);
  archive_entry_set_mtime(entry.get(), absl::ToTimeT(time), 0);
  const auto size = static_cast<la_ssize_t>(file.content.size());
  if (archive_write_header(writer, entry.get()) != ARCHIVE_OK ||
      archive_write_data(writer, file.content.data(), file.content.size()) !=
          size) {
    return Broken(writer, path);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteArchive(const std::string& path,
                          const std::vector<ArchivedFile>& files,
                          absl::Time time) {
  const UniqueFd fd(
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd.ok()) return ErrnoError(errno, absl::StrCat("create ", path));
  absl::Cleanup remove = [&path] { unlink(path.c_str()); };
  const Writer writer(archive_write_new(), archive_write_free);
  if (writer == nullptr ||
      archive_write_add_filter_gzip(writer.get()) != ARCHIVE_OK ||
      archive_write_set_format_pax_restricted(writer.get()) != ARCHIVE_OK ||
      archive_write_open_fd(writer.get(), fd.get()) != ARCHIVE_OK) {
    return Broken(writer.get(), path);
  }
  for (const ArchivedFile& file : files) {
    const absl::Status added = AddFile(writer.get(), path, file, time);
    if (!added.ok()) return added;
  }
  if (archive_write_close(writer.get()) != ARCHIVE_OK) {
    return Broken(writer.get(), path);
  }
  std::move(remove).Cancel();
  return absl::OkStatus();
}

}  // namespace klpx
