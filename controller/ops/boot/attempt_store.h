// SPDX-License-Identifier: GPL-2.0
// The guard against a patch that takes the machine down at every boot. While a
// patch that is loaded at boot is being tried, a mark is on the disk; a mark of
// another boot keeps the patch out until the user clears it.
#ifndef KLPX_CONTROLLER_OPS_BOOT_ATTEMPT_STORE_H_
#define KLPX_CONTROLLER_OPS_BOOT_ATTEMPT_STORE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "controller/ops/boot/boot_files.h"
#include "controller/ops/history/recorder.h"

namespace klpx {

// The functions follow the life of an attempt. When this one returns, the mark
// is on the disk.
absl::Status BeginAttempt(const BootFiles& boot, const std::string& patch);

// The same for a patch that is going to be tried, if it is loaded at boot; a
// patch that is not needs no mark. If there can be no mark, that is a warning,
// unless the mark is `required`.
absl::Status BeginAttemptIfAccepted(const BootFiles& boot,
                                    const std::string& patch, bool required);

// Removes the mark of this boot: the patch was not loaded, is disabled again,
// or was found good.
void EndAttempt(const BootFiles& boot, const std::string& patch);

// Removes the marks of this boot that are old enough, except those of patches
// in transition.
void SettleAttempts(const BootFiles& boot);

// Removes all marks of this boot: the machine shuts down in order, so no patch
// has brought it down.
void EndAllAttempts(const BootFiles& boot);

// A patch that is kept out by a mark of another boot, or by one that cannot be
// read.
struct KeptOut {
  std::string patch;
  std::string boot_id;  // "" if it cannot be read
  std::string why;      // a clause that ends with what to do
};
std::vector<KeptOut> ReadKeptOut(const BootFiles& boot);

// Removes the mark, whatever it says: the patch may be tried again.
absl::Status ForgetAttempt(const BootFiles& boot, const std::string& patch);

// Adds an event to the history, at the transition that was cut off.
void RecordKeptOut(Recorder& recorder, const KeptOut& kept_out);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_BOOT_ATTEMPT_STORE_H_
