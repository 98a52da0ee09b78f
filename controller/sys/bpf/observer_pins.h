// SPDX-License-Identifier: GPL-2.0
// Loads, attaches, pins, finds and removes the BPF programs of the observer.
// Owns the pins under KLPX_BPFFS_DIR; does not know what the maps mean.
#ifndef KLPX_CONTROLLER_SYS_BPF_OBSERVER_PINS_H_
#define KLPX_CONTROLLER_SYS_BPF_OBSERVER_PINS_H_

#include <sys/types.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "controller/sys/io/file_lock.h"
#include "controller/sys/io/unique_fd.h"

namespace klpx {

struct ObserverPins {
  UniqueFd task_state{-1};
  UniqueFd counters{-1};
  UniqueFd read_stack{-1};
  ino_t task_state_inode = 0;  // the inode of the pin that was opened
};

// The lock that a process holds while it makes, replaces or removes pins.
absl::StatusOr<FileLock> LockPins();

// Opens the pins of this build. If they do not exist or are not complete, makes
// them, replacing any others. klpx.ko must be loaded.
absl::StatusOr<ObserverPins> OpenOrMakePins();

// Mounts the bpf file system and makes the empty directories below
// KLPX_BPFFS_DIR; existing ones stay as they are.
absl::Status MakePinDirectories();

// kUnavailable if these pins are no longer the ones in the file system.
absl::Status CheckPinned(const ObserverPins& pins);

// The number of runs of the attached programs that the kernel skipped.
absl::StatusOr<uint64_t> CountMissedRuns();

// Removes every pin; waits until the programs are gone from the kernel.
absl::Status RemovePins();

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_OBSERVER_PINS_H_
