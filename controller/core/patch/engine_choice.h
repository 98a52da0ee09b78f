// SPDX-License-Identifier: GPL-2.0
// Which engine runs a patch file: the one it is made for, or klpx in place of
// the kernel's own livepatch (adoption, docs/ADOPTION.md). Facts in, a decision
// out; it does not know how klpx.ko is told.
#ifndef KLPX_CONTROLLER_CORE_PATCH_ENGINE_CHOICE_H_
#define KLPX_CONTROLLER_CORE_PATCH_ENGINE_CHOICE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/core/patch/patch_file.h"

namespace klpx {

// Is the file made for the kernel's own livepatch, whichever engine runs it?
bool IsMadeForKernel(const PatchFile& file);

// The file with the engine that runs it. `wanted`: the word of an engine, or ""
// for what klpx.ko does by itself; `adopts`: does it adopt new patches?
// kRefused for a patch made for klpx that is wanted on the kernel's engine,
// kUsage for another word.
absl::StatusOr<PatchFile> ChooseEngine(PatchFile file, absl::string_view wanted,
                                       bool adopts);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PATCH_ENGINE_CHOICE_H_
