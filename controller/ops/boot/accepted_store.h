// SPDX-License-Identifier: GPL-2.0
// Where the patches that are loaded at boot are kept: below the state
// directory, accepted/<kernel release>/, a .ko each and the list in list.json.
// Only the list counts: a file that it does not name is not accepted, so each
// change takes effect with one rename.
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
#include "controller/ops/boot/boot_files.h"

namespace klpx {

// The list for the running kernel; empty if nothing was ever accepted. An error
// names the file, what is wrong with it, and what to do.
absl::StatusOr<AcceptedList> ReadAccepted(const BootFiles& boot);

// The file of an accepted patch, and its content. ReadAcceptedFile() fails if
// the content is not what was accepted.
struct AcceptedFile {
  std::string path;
  std::string bytes;
};
absl::StatusOr<AcceptedFile> ReadAcceptedFile(const BootFiles& boot,
                                              const AcceptedPatch& patch);

// Copies bytes into the store, as the newest patch. Returns the names of the
// patches that it replaces, which are removed. Concurrent calls, from other
// processes too, run one after another.
absl::StatusOr<std::vector<std::string>> AddAccepted(const BootFiles& boot,
                                                     const AcceptedPatch& patch,
                                                     absl::string_view bytes);

// Returns false if the patch was not in the list.
absl::StatusOr<bool> RemoveAccepted(const BootFiles& boot,
                                    const std::string& name);

// Accepts an enabled patch from the file that it was loaded from. The file must
// hold the bytes that were loaded, by their digest. If klp-controller did not
// load the patch in this boot, the file must be of the same build, and writable
// by root only. Returns the same as AddAccepted().
absl::StatusOr<std::vector<std::string>> AcceptLoaded(const BootFiles& boot,
                                                      const PatchState& patch,
                                                      const std::string& path);

// The same for a patch that has passed its health check; errors become
// warnings.
void AcceptPassed(const BootFiles& boot, const std::string& patch);

// Is the patch in the list? False if the list cannot be read.
bool IsAccepted(const BootFiles& boot, const std::string& patch);

// The file that a patch was loaded from, and the SHA-256 of the loaded bytes,
// both kept until the next boot. "": not known.
void NoteLoadedFrom(const BootFiles& boot, const std::string& patch,
                    const std::string& path, absl::string_view digest);
std::string LoadedFrom(const BootFiles& boot, const std::string& patch);
std::string LoadedDigest(const BootFiles& boot, const std::string& patch);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_BOOT_ACCEPTED_STORE_H_
