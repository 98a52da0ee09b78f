// SPDX-License-Identifier: GPL-2.0
// One process at a time loads a patch, or removes the engine.
#include "controller/ops/kernel/load_lock.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"

namespace klpx {
namespace {

// A module takes seconds to load; a process that holds the lock for longer
// hangs in the kernel.
constexpr absl::Duration kLockTimeout = absl::Seconds(60);
constexpr absl::Duration kNoteAfter = absl::Seconds(1);
constexpr absl::Duration kRetry = absl::Milliseconds(20);

}  // namespace

absl::StatusOr<std::optional<FileLock>> LockLoading(Kernel& kernel,
                                                    Console& console,
                                                    const std::string& run_dir,
                                                    const std::string& verb) {
  if (run_dir.empty()) return std::optional<FileLock>();
  const std::string path = absl::StrCat(run_dir, "/load.lock");
  const absl::Duration start = kernel.Monotonic();
  bool noted = false;
  for (;;) {
    absl::StatusOr<std::optional<FileLock>> lock = FileLock::Try(path, verb);
    if (!lock.ok()) return std::optional<FileLock>();
    if (*lock) return lock;
    const absl::Duration waited = kernel.Monotonic() - start;
    if (waited > kLockTimeout || kernel.Interrupted()) {
      return Error(ErrorKind::kRefused, LockHolder(path),
                   " has been loading a patch or removing klpx.ko for more "
                   "than ",
                   absl::FormatDuration(absl::Floor(waited, absl::Seconds(1))),
                   "; try again when it is done");
    }
    if (!noted && waited > kNoteAfter) {
      Note(console, absl::StrCat("waiting for ", LockHolder(path),
                                 ", which is loading a patch or removing "
                                 "klpx.ko"));
      noted = true;
    }
    kernel.Sleep(kRetry);
  }
}

}  // namespace klpx
