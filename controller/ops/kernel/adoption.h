// SPDX-License-Identifier: GPL-2.0
// How klpx.ko is told to run patches made for the kernel's own livepatch, and
// which engine it was in the end (docs/ADOPTION.md). The decision is that of
// core/patch/engine_choice.h.
#ifndef KLPX_CONTROLLER_OPS_KERNEL_ADOPTION_H_
#define KLPX_CONTROLLER_OPS_KERNEL_ADOPTION_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/core/patch/patch_file.h"
#include "controller/ops/console/warnings.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// Does klpx.ko adopt new patches? Nothing if it is not loaded, or cannot.
std::optional<bool> Adopts(Kernel& kernel);

// "MODULE ENGINE" for the next load of that module; "" for none.
std::string EngineFor(Kernel& kernel);

// Turns adoption on or off; an error says why klpx.ko refuses, and what to do.
absl::Status SetAdoption(Kernel& kernel, bool on);

// The file with the engine that will run it. `wanted` is the value of --engine.
// kNoEngine if that is klpx, and the loaded klpx.ko cannot adopt.
absl::StatusOr<PatchFile> ForEngine(Kernel& kernel, absl::string_view wanted,
                                    PatchFile file);

// An enabled patch cannot move to another engine: kRefused.
absl::Status CheckIsOn(const PatchState& patch, absl::string_view wanted);

// If --engine was given, tells klpx.ko for the next load of this module by this
// process. Errors as of SetAdoption().
absl::Status NameEngine(Kernel& kernel, absl::string_view wanted,
                        const PatchFile& file);
// Takes that back; does nothing if there is nothing to take back.
void ForgetEngine(Kernel& kernel);

// Says which engine has taken the patch, if it was made for the kernel's own. A
// warning if it is not the one that was meant to, else a note.
void TellEngine(Kernel& kernel, const PatchFile& file, Warnings& warnings);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_KERNEL_ADOPTION_H_
