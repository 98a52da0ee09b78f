// SPDX-License-Identifier: GPL-2.0
// Where the patches that are loaded at boot are kept: below the state
// directory, accepted/<kernel release>/, a .ko each and the list in list.json.
// The list is what counts: a file that it does not name is not there, so one
// rename makes each change.
#ifndef KLPX_CONTROLLER_OPS_BOOT_ACCEPTED_STORE_H_
#define KLPX_CONTROLLER_OPS_BOOT_ACCEPTED_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/core/boot/accepted.h"
#include "controller/ops/kernel/context.h"

namespace klpx {

// Of the running kernel; empty if nothing was ever accepted. An error names the
// file, what is wrong with it, and what to do.
absl::StatusOr<AcceptedList> ReadAccepted(Context& context);

// A patch's file and what it holds, which is what was accepted, or why it is
// not to be loaded.
struct AcceptedFile {
  std::string path;
  std::string bytes;
};
absl::StatusOr<AcceptedFile> ReadAcceptedFile(Context& context,
                                              const AcceptedPatch& patch);

// Copies what bytes has into the store, as the newest; returns the names of the
// patches that it replaces and that have gone for it. One at a time, whoever
// calls.
absl::StatusOr<std::vector<std::string>> AddAccepted(Context& context,
                                                     const AcceptedPatch& patch,
                                                     absl::string_view bytes);

// False if it was not in.
absl::StatusOr<bool> RemoveAccepted(Context& context, const std::string& name);

// Of an enabled patch, and of the file that it was loaded from. What it holds
// must be the bytes that were loaded, by their digest; of a patch that this
// program has not loaded in this boot it must be of the same build, and root's
// alone to write. Returns as AddAccepted().
absl::StatusOr<std::vector<std::string>> AcceptLoaded(Context& context,
                                                      const PatchState& patch,
                                                      const std::string& path);

// The same for a patch that has passed its gate; what goes wrong is a warning.
void AcceptPassed(Context& context, const std::string& patch);

// Is it in the list? False if that cannot be read.
bool IsAccepted(Context& context, const std::string& patch);

// Which file a loaded patch came from, and the SHA-256 of what was loaded, kept
// until the next boot. "": not known.
void NoteLoadedFrom(Context& context, const std::string& patch,
                    const std::string& path, absl::string_view digest);
std::string LoadedFrom(Context& context, const std::string& patch);
std::string LoadedDigest(Context& context, const std::string& patch);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_BOOT_ACCEPTED_STORE_H_
