// SPDX-License-Identifier: GPL-2.0
// What the klp-controllers of a machine share until the next boot.
#ifndef KLPX_CONTROLLER_CORE_BASE_RUN_FILES_H_
#define KLPX_CONTROLLER_CORE_BASE_RUN_FILES_H_

namespace klpx {

inline constexpr char kRunDirectory[] = "/run/klpx";
// Written by the daemon, for readers without rights of their own.
inline constexpr char kSnapshotFile[] = "/run/klpx/snapshot.json";
// Who may read it.
inline constexpr char kReaderGroup[] = "klpx";

// Locks: of the one daemon; of who acts on a transition; of who makes, opens or
// removes pins of the observer, of the policy.
inline constexpr char kDaemonFile[] = "/run/klpx/daemon.lock";
inline constexpr char kOwnerFile[] = "/run/klpx/owner.lock";
inline constexpr char kObserverFile[] = "/run/klpx/observer.lock";
inline constexpr char kPolicyLock[] = "/run/klpx/policy.lock";

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_RUN_FILES_H_
