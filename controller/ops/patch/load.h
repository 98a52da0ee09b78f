// SPDX-License-Identifier: GPL-2.0
// Reads, parses, loads, disables and removes patch modules, and says why the
// kernel refuses.
#ifndef KLPX_CONTROLLER_OPS_PATCH_LOAD_H_
#define KLPX_CONTROLLER_OPS_PATCH_LOAD_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/core/patch/patch_file.h"
#include "controller/core/preflight/finding.h"
#include "controller/ops/history/recorder.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

// The content of the file, decompressed. A caller that loads the patch must
// check and load these bytes, and not read the file again.
absl::StatusOr<std::string> ReadPatchBytes(Kernel& kernel,
                                           const std::string& path);

// Parses these bytes.
absl::StatusOr<PatchFile> ParsePatch(Kernel& kernel, const std::string& bytes);

// Reads and parses, for callers that only show the patch.
absl::StatusOr<PatchFile> ReadPatchFile(Kernel& kernel,
                                        const std::string& path);

// Do the loaded module of this name and the file have the same build id?
// Nothing if no such module is loaded, or if either has no build id.
std::optional<bool> IsLoadedBuild(Kernel& kernel, const PatchFile& file);

// Removes a module, waiting a moment for its last user to finish.
absl::Status RemoveModule(Kernel& kernel, Recorder& recorder,
                          const std::string& module);

// Kernel::LoadModule; an error says why the kernel refused. `engine` is the
// value of --engine, which klpx.ko is told first; "" for none.
absl::Status InsertPatch(Kernel& kernel, const std::string& path,
                         const PatchFile& file, absl::string_view bytes,
                         absl::string_view engine = "");

// kTransitionRunning if a patch of the engine, other than this one, is in
// transition.
absl::Status CheckNoOtherTransition(Kernel& kernel, Engine engine,
                                    const std::string& patch);

// The same for patches that have been read already.
absl::Status CheckNoOtherTransition(const std::vector<PatchState>& patches,
                                    const std::string& patch);

// Records that this patch is about to be enabled. The record is made before the
// module is loaded.
void AnnounceEnable(Kernel& kernel, Recorder& recorder, const PatchFile& file,
                    const Findings& findings);

// Writes 0 to `enabled`, and records that; an error says why the engine
// refuses.
absl::Status StartDisable(Kernel& kernel, Recorder& recorder,
                          const PatchState& patch);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_PATCH_LOAD_H_
