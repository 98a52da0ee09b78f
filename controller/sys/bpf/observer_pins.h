// SPDX-License-Identifier: GPL-2.0
// How the BPF programs get into the kernel and stay there: loading, attaching,
// pinning, finding them again, removing them. Owns the pins under
// KLPX_BPFFS_DIR; knows nothing of what the maps say.
#ifndef KLPX_CONTROLLER_SYS_BPF_OBSERVER_PINS_H_
#define KLPX_CONTROLLER_SYS_BPF_OBSERVER_PINS_H_

#include <sys/types.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "controller/sys/io/unique_fd.h"

namespace klpx {

struct ObserverPins {
  UniqueFd task_state{-1};
  UniqueFd counters{-1};
  UniqueFd read_stack{-1};
  ino_t task_state_inode = 0;  // of the pin that was opened
};

// Opens the pins of this build; makes them, replacing any others, if they are
// not there or not complete. klpx.ko must be loaded.
absl::StatusOr<ObserverPins> OpenOrMakePins();

// Mounts the bpf file system and makes what is below KLPX_BPFFS_DIR, all of it
// empty; what is there stays.
absl::Status MakePinDirectories();

// kUnavailable if these pins are no longer the ones in the file system.
absl::Status CheckPinned(const ObserverPins& pins);

// Runs of the attached programs that the kernel skipped.
absl::StatusOr<uint64_t> CountMissedRuns();

// Removes every pin; waits until the programs are gone from the kernel.
absl::Status RemovePins();

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_BPF_OBSERVER_PINS_H_
