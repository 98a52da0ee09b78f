// SPDX-License-Identifier: GPL-2.0
// Where the patches that are loaded at boot are kept.
#include "controller/ops/boot/accepted_store.h"

#include <filesystem>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/base/sha256.h"
#include "controller/core/patch/fingerprint.h"
#include "controller/core/patch/patch_file.h"
#include "controller/ops/patch/load.h"
#include "controller/sys/io/durable_file.h"
#include "controller/sys/io/file_lock.h"
#include "controller/sys/proc/module_file.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

constexpr size_t kListBytes = 1 << 20;
constexpr char kListName[] = "list.json";
constexpr absl::Duration kLockTimeout = absl::Seconds(60);
constexpr mode_t kRunDirectoryMode = 0755;
constexpr size_t kDigestLetters = 64;

std::string Directory(Context& context) {
  return absl::StrCat(context.state_dir, "/accepted/",
                      context.kernel.ReadHost().kernel);
}

// The fingerprint keeps two builds of one name apart, so that the old one stays
// whole until the list names the new one.
std::string FileName(const AcceptedPatch& patch) {
  return absl::StrCat(patch.name, ".",
                      absl::Hex(patch.fingerprint, absl::kZeroPad16), ".ko");
}

std::string FileOf(Context& context, const AcceptedPatch& patch) {
  return absl::StrCat(Directory(context), "/", FileName(patch));
}

absl::Status Refuse(const absl::Status& why) {
  return Error(ErrorKind::kRefused, "accepted patches: ", why.message());
}

// Checks that only root can have put files into these directories.
absl::Status CheckDirectories(Context& context) {
  for (const std::string& directory :
       {context.state_dir, absl::StrCat(context.state_dir, "/accepted"),
        Directory(context)}) {
    const absl::Status trusted = CheckTrusted(directory);
    if (!trusted.ok()) return Refuse(trusted);
  }
  return absl::OkStatus();
}

std::map<std::string, uint64_t> StackOrders(Context& context) {
  std::map<std::string, uint64_t> orders;
  for (const PatchState& patch : ReadPatches(context.kernel)) {
    if (patch.enabled && patch.replaced_by.empty()) {
      orders[patch.name] = patch.stack_order.value_or(0);
    }
  }
  return orders;
}

// Removes files that the list does not name: leftovers of an interrupted
// change, and what the current change has dropped.
void RemoveOthers(Context& context, const AcceptedList& list) {
  const std::string directory = Directory(context);
  const auto names = context.kernel.ListDirectory(directory);
  if (!names.ok()) return;
  std::set<std::string> wanted = {kListName};
  for (const AcceptedPatch& patch : list) wanted.insert(FileName(patch));
  for (const std::string& name : *names) {
    if (wanted.contains(name)) continue;
    const absl::Status removed =
        RemoveDurably(absl::StrCat(directory, "/", name));
    if (!removed.ok()) Warn(context, removed.message());
  }
}

// Makes one change to the list, under the lock. `change` returns false if there
// is nothing to write.
absl::Status Change(
    Context& context,
    absl::FunctionRef<absl::StatusOr<bool>(AcceptedList&)> change) {
  const std::string directory = Directory(context);
  absl::Status status = MakeDirectory(directory);
  if (status.ok()) status = CheckDirectories(context);
  if (!status.ok()) return status;
  const absl::StatusOr<FileLock> lock =
      FileLock::Wait(absl::StrCat(context.state_dir, "/accepted/lock"),
                     context.recorder.verb, kLockTimeout);
  if (!lock.ok()) return lock.status();
  absl::StatusOr<AcceptedList> list = ReadAccepted(context);
  if (!list.ok()) return list.status();
  const absl::StatusOr<bool> changed = change(*list);
  if (!changed.ok()) return changed.status();
  if (*changed) {
    status = WriteDurably(absl::StrCat(directory, "/", kListName),
                          AcceptedText(context.kernel.ReadHost(), *list));
  }
  if (status.ok()) RemoveOthers(context, *list);
  return status;
}

}  // namespace

absl::StatusOr<AcceptedList> ReadAccepted(Context& context) {
  const std::string path = absl::StrCat(Directory(context), "/", kListName);
  if (context.state_dir.empty() || !context.kernel.Exists(path)) {
    return AcceptedList();
  }
  const absl::Status trusted = CheckDirectories(context);
  if (!trusted.ok()) return trusted;
  const absl::StatusOr<std::string> text = ReadTrusted(path, kListBytes);
  if (!text.ok()) return Refuse(text.status());
  absl::StatusOr<AcceptedList> list = ParseAccepted(*text);
  if (list.ok()) return list;
  return Error(ErrorKind::kRefused, "accepted patches: ", path, ": ",
               list.status().message(),
               "; move it away and accept the patches again");
}

absl::StatusOr<AcceptedFile> ReadAcceptedFile(Context& context,
                                              const AcceptedPatch& patch) {
  const std::string path = FileOf(context, patch);
  absl::StatusOr<std::string> bytes = ReadTrusted(path, kMaxModuleBytes);
  if (!bytes.ok()) {
    return Error(ErrorKind::kRefused, bytes.status().message());
  }
  // Lists of older versions have no digest.
  const bool same = bytes->size() == patch.size &&
                    FingerprintOf(*bytes) == patch.fingerprint &&
                    (patch.sha256.empty() || Sha256(*bytes) == patch.sha256);
  if (same) return AcceptedFile{path, *std::move(bytes)};
  return Error(ErrorKind::kRefused, path, " is not what was accepted (",
               bytes->size(), " bytes, should be ", patch.size,
               "): it was damaged or overwritten; accept it again");
}

absl::StatusOr<std::vector<std::string>> AddAccepted(Context& context,
                                                     const AcceptedPatch& patch,
                                                     absl::string_view bytes) {
  std::vector<std::string> dropped;
  const absl::Status changed =
      Change(context, [&](AcceptedList& list) -> absl::StatusOr<bool> {
        const absl::Status written =
            WriteDurably(FileOf(context, patch), bytes);
        if (!written.ok()) return written;
        dropped = Accept(list, patch, StackOrders(context));
        return true;
      });
  if (!changed.ok()) return changed;
  return dropped;
}

absl::StatusOr<bool> RemoveAccepted(Context& context, const std::string& name) {
  bool was_in = false;
  const absl::Status changed =
      Change(context, [&](AcceptedList& list) -> absl::StatusOr<bool> {
        was_in = Revoke(list, name);
        return was_in;
      });
  if (!changed.ok()) return changed;
  return was_in;
}

namespace {

// Checks that the file is what was loaded as that patch: by the digest of the
// loaded bytes if that is known, else by module name and build id.
absl::Status CheckIsLoaded(Context& context, const PatchState& patch,
                           const PatchFile& file, const std::string& path,
                           absl::string_view digest) {
  const std::string loaded = LoadedDigest(context, patch.name);
  const bool same_build =
      file.module == patch.name && IsLoadedBuild(context, file).value_or(false);
  if (!same_build || (!loaded.empty() && loaded != digest)) {
    return Error(
        ErrorKind::kRefused, path, " is not what is loaded as '", patch.name,
        "' (",
        same_build ? "the SHA-256 differs" : "by module name and build id",
        "); give the path of the file that it was enabled from, or "
        "enable it from this one");
  }
  if (!loaded.empty()) return absl::OkStatus();
  const absl::Status trusted = context.kernel.CheckTrusted(path);
  if (trusted.ok()) return trusted;
  return Error(ErrorKind::kRefused, "klp-controller did not load '", patch.name,
               "' in this boot, so only root may be able to write its file: ",
               trusted.message());
}

}  // namespace

absl::StatusOr<std::vector<std::string>> AcceptLoaded(Context& context,
                                                      const PatchState& patch,
                                                      const std::string& path) {
  const absl::StatusOr<std::string> bytes =
      ReadModuleFile(context.kernel, path);
  if (!bytes.ok()) return bytes.status();
  const absl::StatusOr<PatchFile> file = ParsePatchFile(*bytes);
  if (!file.ok()) return Annotate(file.status(), path);
  const std::string digest = Sha256(*bytes);
  const absl::Status loaded =
      CheckIsLoaded(context, patch, *file, path, digest);
  if (!loaded.ok()) return loaded;
  AcceptedPatch accepted;
  accepted.name = patch.name;
  // The engine that it has been tried on.
  accepted.engine = std::string(RowOf(patch.engine).word);
  accepted.build_id = BuildIdOf(*file);
  accepted.size = bytes->size();
  accepted.fingerprint = FingerprintOf(*bytes);
  accepted.sha256 = digest;
  accepted.time = context.kernel.ReadHost().time;
  accepted.from = path;
  if (file->patch) {
    accepted.set = file->patch->replace_set;
    if (file->patch->replace) accepted.replaces_set = file->patch->replace_set;
  }
  return AddAccepted(context, accepted, *bytes);
}

void AcceptPassed(Context& context, const std::string& name) {
  const std::optional<PatchState> patch = ReadPatch(context.kernel, name);
  const std::string path = LoadedFrom(context, name);
  if (context.state_dir.empty() || !patch) return;
  if (path.empty()) {
    Warn(context, absl::StrCat("'", name,
                               "' passed its health gate, but is not accepted: "
                               "its file is not known"));
    return;
  }
  const auto accepted = AcceptLoaded(context, *patch, path);
  if (!accepted.ok()) {
    Warn(context,
         absl::StrCat("'", name,
                      "' passed its health gate, but is not accepted: ",
                      accepted.status().message()));
    return;
  }
  Note(context, absl::StrCat(name,
                             ": accepted; it is loaded at boot from now "
                             "on"));
}

bool IsAccepted(Context& context, const std::string& patch) {
  if (context.state_dir.empty()) return false;
  const absl::StatusOr<AcceptedList> list = ReadAccepted(context);
  return list.ok() && FindAccepted(*list, patch) != nullptr;
}

void NoteLoadedFrom(Context& context, const std::string& patch,
                    const std::string& path, absl::string_view digest) {
  if (context.run_dir.empty()) return;
  const std::string directory = absl::StrCat(context.run_dir, "/loaded");
  std::error_code error;
  std::string whole = std::filesystem::canonical(path, error).string();
  if (error) whole = path;  // the file is gone; the digest identifies it anyway
  absl::Status status = MakeDirectory(directory, kRunDirectoryMode);
  if (status.ok()) {
    status = WriteDurably(absl::StrCat(directory, "/", patch),
                          absl::StrCat(digest, " ", whole));
  }
  if (!status.ok()) Warn(context, status.message());
}

namespace {

// The digest and the path. Older versions wrote only the path.
std::pair<std::string, std::string> ReadLoaded(Context& context,
                                               const std::string& patch) {
  if (context.run_dir.empty()) return {};
  const std::string text =
      ReadTrusted(absl::StrCat(context.run_dir, "/loaded/", patch), kListBytes)
          .value_or("");
  const size_t blank = text.find(' ');
  if (blank != kDigestLetters) return {"", text};
  return {text.substr(0, blank), text.substr(blank + 1)};
}

}  // namespace

std::string LoadedFrom(Context& context, const std::string& patch) {
  return ReadLoaded(context, patch).second;
}

std::string LoadedDigest(Context& context, const std::string& patch) {
  return ReadLoaded(context, patch).first;
}

}  // namespace klpx
