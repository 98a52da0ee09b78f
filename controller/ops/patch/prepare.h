// SPDX-License-Identifier: GPL-2.0
// Prepares the machine for a patch before it is loaded, and undoes that if the
// patch is refused.
#ifndef KLPX_CONTROLLER_OPS_PATCH_PREPARE_H_
#define KLPX_CONTROLLER_OPS_PATCH_PREPARE_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "controller/ops/console/warnings.h"
#include "controller/ops/history/recorder.h"
#include "controller/ops/kernel/machine.h"

namespace klpx {

// Returns a function that removes what a refused patch would leave behind: the
// engine, if it is not loaded yet, its policy and its observer. Call it while
// LockLoading() is held, so that no other enable relies on them yet; if that
// lock could not be taken (`locked`), it removes nothing.
std::function<void()> UndoPreparation(const Machine& machine,
                                      Recorder& recorder, bool locked,
                                      Warnings& warnings);

// A failure is a warning: the patch works without the observer.
void AttachObserver(ObserverAccess& observer, Warnings& warnings);

// Removes the module of a disabled patch: a module runs its init only once, so
// it must be removed before it can be loaded again.
absl::Status RemoveLeftover(Kernel& kernel, Recorder& recorder,
                            const std::string& module);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_PATCH_PREPARE_H_
