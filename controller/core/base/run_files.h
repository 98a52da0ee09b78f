// SPDX-License-Identifier: GPL-2.0
// Files that all processes of klp-controller share until the next boot.
#ifndef KLPX_CONTROLLER_CORE_BASE_RUN_FILES_H_
#define KLPX_CONTROLLER_CORE_BASE_RUN_FILES_H_

namespace klpx {

inline constexpr char kRunDirectory[] = "/run/klpx";
// Written by the daemon for unprivileged readers.
inline constexpr char kSnapshotFile[] = "/run/klpx/snapshot.json";
// The group that may read it.
inline constexpr char kReaderGroup[] = "klpx";

// Locks: held by the only daemon; by the process that acts on a transition; by
// a process that makes, opens or removes pins of the observer, or of the
// policy.
inline constexpr char kDaemonFile[] = "/run/klpx/daemon.lock";
inline constexpr char kOwnerFile[] = "/run/klpx/owner.lock";
inline constexpr char kObserverFile[] = "/run/klpx/observer.lock";
inline constexpr char kPolicyLock[] = "/run/klpx/policy.lock";

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_RUN_FILES_H_
