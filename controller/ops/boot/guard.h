// SPDX-License-Identifier: GPL-2.0
// The guard against a patch that takes the machine down at every boot. While a
// patch that is loaded at boot is being tried, a mark is on the disk; a mark of
// another boot keeps the patch out until somebody says otherwise.
#ifndef KLPX_CONTROLLER_OPS_BOOT_GUARD_H_
#define KLPX_CONTROLLER_OPS_BOOT_GUARD_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

// In the order of an attempt's life. The mark is on the disk when this returns.
absl::Status BeginAttempt(Context& context, const std::string& patch);

// It has not been loaded, is out again, or was found good: the mark of this
// boot goes.
void EndAttempt(Context& context, const std::string& patch);

// The same for all that have been in for long enough, or are out.
void SettleAttempts(Context& context);

// The machine goes down in order: whatever was being tried, it lives with it.
// All marks of this boot go.
void EndAllAttempts(Context& context);

// What a mark of another boot, or one that cannot be read, keeps out.
struct Guarded {
  std::string patch;
  std::string boot_id;  // "" if it cannot be read
  std::string why;      // a sentence, with what to do
};
std::vector<Guarded> ReadGuarded(Context& context);

// The mark goes, whatever it says: the patch may be tried again.
absl::Status ForgetAttempt(Context& context, const std::string& patch);

// Tells it to the history, at the transition that was cut off.
void RecordGuarded(Context& context, const Guarded& guarded);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_BOOT_GUARD_H_
