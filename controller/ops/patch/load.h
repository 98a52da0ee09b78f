// SPDX-License-Identifier: GPL-2.0
// A patch file on its way into the kernel, and out of it: read, checked,
// inserted, disabled, removed; and when the kernel refuses, the reason.
#ifndef KLPX_CONTROLLER_OPS_PATCH_LOAD_H_
#define KLPX_CONTROLLER_OPS_PATCH_LOAD_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/core/patch/patch_file.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

// What the file holds, decompressed. Whoever loads it checks and loads these
// bytes, and does not read the file again.
absl::StatusOr<std::string> ReadPatchBytes(Context& context,
                                           const std::string& path);

// What they say.
absl::StatusOr<PatchFile> ParsePatch(Context& context,
                                     const std::string& bytes);

// The two in one, for what only shows.
absl::StatusOr<PatchFile> ReadPatchFile(Context& context,
                                        const std::string& path);

// Was the loaded module of this name built from the same file? Nothing if no
// such module is loaded, or if one of them has no build id.
std::optional<bool> IsLoadedBuild(Context& context, const PatchFile& file);

// Removes a module that nothing uses, waiting a moment for its last user.
absl::Status RemoveModule(Context& context, const std::string& module);

// Kernel::LoadModule; an error says why the engine refused.
absl::Status InsertPatch(Context& context, const std::string& path,
                         const PatchFile& file, absl::string_view bytes);

// kTransitionRunning if a patch of the engine, other than this one, is in
// transition.
absl::Status CheckNoOtherTransition(Context& context, Engine engine,
                                    const std::string& patch);

// The same of patches that have been read.
absl::Status CheckNoOtherTransition(const std::vector<PatchState>& patches,
                                    const std::string& patch);

// Writes 0 to enabled, and to the history; an error says why the engine
// refuses.
absl::Status StartDisable(Context& context, const PatchState& patch);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_PATCH_LOAD_H_
