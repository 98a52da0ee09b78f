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
#include "controller/core/patch/fnv1a.h"
#include "controller/core/patch/patch_file.h"
#include "controller/ops/console/console.h"
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

std::string Directory(const BootFiles& boot) {
  return absl::StrCat(boot.state_dir, "/accepted/",
                      boot.kernel.ReadHost().kernel);
}

// The fingerprint keeps two builds of one name apart, so that the old one stays
// whole until the list names the new one.
std::string FileName(const AcceptedPatch& patch) {
  return absl::StrCat(patch.name, ".",
                      absl::Hex(patch.fingerprint, absl::kZeroPad16), ".ko");
}

std::string FileOf(const BootFiles& boot, const AcceptedPatch& patch) {
  return absl::StrCat(Directory(boot), "/", FileName(patch));
}

absl::Status Refuse(const absl::Status& why) {
  return Error(ErrorKind::kRefused, "accepted patches: ", why.message());
}

// Checks that only root can have put files into these directories.
absl::Status CheckDirectories(const BootFiles& boot) {
  for (const std::string& directory :
       {boot.state_dir, absl::StrCat(boot.state_dir, "/accepted"),
        Directory(boot)}) {
    const absl::Status trusted = CheckTrusted(directory);
    if (!trusted.ok()) return Refuse(trusted);
  }
  return absl::OkStatus();
}

std::map<std::string, uint64_t> StackOrders(Kernel& kernel) {
  std::map<std::string, uint64_t> orders;
  for (const PatchState& patch : ReadPatches(kernel)) {
    if (patch.enabled && patch.replaced_by.empty()) {
      orders[patch.name] = patch.stack_order.value_or(0);
    }
  }
  return orders;
}

// Removes files that the list does not name: leftovers of an interrupted
// change, and what the current change has dropped.
void RemoveOthers(const BootFiles& boot, const AcceptedList& list) {
  const std::string directory = Directory(boot);
  const auto names = boot.kernel.ListDirectory(directory);
  if (!names.ok()) return;
  std::set<std::string> wanted = {kListName};
  for (const AcceptedPatch& patch : list) wanted.insert(FileName(patch));
  for (const std::string& name : *names) {
    if (wanted.contains(name)) continue;
    const absl::Status removed =
        RemoveDurably(absl::StrCat(directory, "/", name));
    if (!removed.ok()) Warn(boot.console, removed.message());
  }
}

// Makes one change to the list, under the lock. `change` returns false if there
// is nothing to write.
absl::Status Change(
    const BootFiles& boot,
    absl::FunctionRef<absl::StatusOr<bool>(AcceptedList&)> change) {
  const std::string directory = Directory(boot);
  absl::Status status = MakeDirectory(directory);
  if (status.ok()) status = CheckDirectories(boot);
  if (!status.ok()) return status;
  const absl::StatusOr<FileLock> lock = FileLock::Wait(
      absl::StrCat(boot.state_dir, "/accepted/lock"), boot.verb, kLockTimeout);
  if (!lock.ok()) return lock.status();
  absl::StatusOr<AcceptedList> list = ReadAccepted(boot);
  if (!list.ok()) return list.status();
  const absl::StatusOr<bool> changed = change(*list);
  if (!changed.ok()) return changed.status();
  if (*changed) {
    status = WriteDurably(absl::StrCat(directory, "/", kListName),
                          AcceptedText(boot.kernel.ReadHost(), *list));
  }
  if (status.ok()) RemoveOthers(boot, *list);
  return status;
}

}  // namespace

absl::StatusOr<AcceptedList> ReadAccepted(const BootFiles& boot) {
  const std::string path = absl::StrCat(Directory(boot), "/", kListName);
  if (boot.state_dir.empty() || !boot.kernel.Exists(path)) {
    return AcceptedList();
  }
  const absl::Status trusted = CheckDirectories(boot);
  if (!trusted.ok()) return trusted;
  const absl::StatusOr<std::string> text = ReadTrusted(path, kListBytes);
  if (!text.ok()) return Refuse(text.status());
  absl::StatusOr<AcceptedList> list = ParseAccepted(*text);
  if (list.ok()) return list;
  return Error(ErrorKind::kRefused, "accepted patches: ", path, ": ",
               list.status().message(),
               "; move it away and accept the patches again");
}

absl::StatusOr<AcceptedFile> ReadAcceptedFile(const BootFiles& boot,
                                              const AcceptedPatch& patch) {
  const std::string path = FileOf(boot, patch);
  absl::StatusOr<std::string> bytes = ReadTrusted(path, kMaxModuleBytes);
  if (!bytes.ok()) {
    return Error(ErrorKind::kRefused, bytes.status().message());
  }
  // Lists of older versions have no digest.
  const bool same = bytes->size() == patch.size &&
                    Fnv1a(*bytes) == patch.fingerprint &&
                    (patch.sha256.empty() || Sha256(*bytes) == patch.sha256);
  if (same) return AcceptedFile{path, *std::move(bytes)};
  return Error(ErrorKind::kRefused, path, " is not what was accepted (",
               bytes->size(), " bytes, should be ", patch.size,
               "): it was damaged or overwritten; accept it again");
}

absl::StatusOr<std::vector<std::string>> AddAccepted(const BootFiles& boot,
                                                     const AcceptedPatch& patch,
                                                     absl::string_view bytes) {
  std::vector<std::string> dropped;
  const absl::Status changed =
      Change(boot, [&](AcceptedList& list) -> absl::StatusOr<bool> {
        const absl::Status written = WriteDurably(FileOf(boot, patch), bytes);
        if (!written.ok()) return written;
        dropped = Accept(list, patch, StackOrders(boot.kernel));
        return true;
      });
  if (!changed.ok()) return changed;
  return dropped;
}

absl::StatusOr<bool> RemoveAccepted(const BootFiles& boot,
                                    const std::string& name) {
  bool was_in = false;
  const absl::Status changed =
      Change(boot, [&](AcceptedList& list) -> absl::StatusOr<bool> {
        was_in = Revoke(list, name);
        return was_in;
      });
  if (!changed.ok()) return changed;
  return was_in;
}

namespace {

// Checks that the file is what was loaded as that patch: by the digest of the
// loaded bytes if that is known, else by module name and build id.
absl::Status CheckIsLoaded(const BootFiles& boot, const PatchState& patch,
                           const PatchFile& file, const std::string& path,
                           absl::string_view digest) {
  const std::string loaded = LoadedDigest(boot, patch.name);
  const bool same_build = file.module == patch.name &&
                          IsLoadedBuild(boot.kernel, file).value_or(false);
  if (!same_build || (!loaded.empty() && loaded != digest)) {
    return Error(
        ErrorKind::kRefused, path, " is not what is loaded as '", patch.name,
        "' (",
        same_build ? "the SHA-256 differs" : "by module name and build id",
        "); give the path of the file that it was enabled from, or "
        "enable it from this one");
  }
  if (!loaded.empty()) return absl::OkStatus();
  const absl::Status trusted = boot.kernel.CheckTrusted(path);
  if (trusted.ok()) return trusted;
  return Error(ErrorKind::kRefused, "klp-controller did not load '", patch.name,
               "' in this boot, so only root may be able to write its file: ",
               trusted.message());
}

}  // namespace

absl::StatusOr<std::vector<std::string>> AcceptLoaded(const BootFiles& boot,
                                                      const PatchState& patch,
                                                      const std::string& path) {
  const absl::StatusOr<std::string> bytes = ReadModuleFile(boot.kernel, path);
  if (!bytes.ok()) return bytes.status();
  const absl::StatusOr<PatchFile> file = ParsePatchFile(*bytes);
  if (!file.ok()) return Annotate(file.status(), path);
  const std::string digest = Sha256(*bytes);
  const absl::Status loaded = CheckIsLoaded(boot, patch, *file, path, digest);
  if (!loaded.ok()) return loaded;
  AcceptedPatch accepted;
  accepted.name = patch.name;
  // The engine that it has been tried on.
  accepted.engine = std::string(RowOf(patch.engine).word);
  accepted.build_id = BuildIdOf(*file);
  accepted.size = bytes->size();
  accepted.fingerprint = Fnv1a(*bytes);
  accepted.sha256 = digest;
  accepted.time = boot.kernel.ReadHost().time;
  accepted.from = path;
  if (file->patch) {
    accepted.set = file->patch->replace_set;
    if (file->patch->replace) accepted.replaces_set = file->patch->replace_set;
  } else if (patch.adopted) {
    // A patch made for the kernel's livepatch does not say so in its file.
    accepted.set = patch.replace_set.value_or(0);
    if (patch.replace.value_or(false)) accepted.replaces_set = accepted.set;
  }
  return AddAccepted(boot, accepted, *bytes);
}

void AcceptPassed(const BootFiles& boot, const std::string& name) {
  const std::optional<PatchState> patch = ReadPatch(boot.kernel, name);
  const std::string path = LoadedFrom(boot, name);
  if (boot.state_dir.empty() || !patch) return;
  if (path.empty()) {
    Warn(boot.console,
         absl::StrCat("'", name,
                      "' passed its health check, but is not accepted: "
                      "its file is not known"));
    return;
  }
  const auto accepted = AcceptLoaded(boot, *patch, path);
  if (!accepted.ok()) {
    Warn(boot.console,
         absl::StrCat("'", name,
                      "' passed its health check, but is not accepted: ",
                      accepted.status().message()));
    return;
  }
  Note(boot.console, absl::StrCat(name,
                                  ": accepted; it is loaded at boot from now "
                                  "on"));
}

bool IsAccepted(const BootFiles& boot, const std::string& patch) {
  if (boot.state_dir.empty()) return false;
  const absl::StatusOr<AcceptedList> list = ReadAccepted(boot);
  return list.ok() && FindAccepted(*list, patch) != nullptr;
}

void NoteLoadedFrom(const BootFiles& boot, const std::string& patch,
                    const std::string& path, absl::string_view digest) {
  if (boot.run_dir.empty()) return;
  const std::string directory = absl::StrCat(boot.run_dir, "/loaded");
  std::error_code error;
  std::string whole = std::filesystem::canonical(path, error).string();
  if (error) whole = path;  // the file is gone; the digest identifies it anyway
  absl::Status status = MakeDirectory(directory, kRunDirectoryMode);
  if (status.ok()) {
    status = WriteDurably(absl::StrCat(directory, "/", patch),
                          absl::StrCat(digest, " ", whole));
  }
  if (!status.ok()) Warn(boot.console, status.message());
}

namespace {

// The digest and the path. Older versions wrote only the path.
std::pair<std::string, std::string> ReadLoaded(const BootFiles& boot,
                                               const std::string& patch) {
  if (boot.run_dir.empty()) return {};
  const std::string text =
      ReadTrusted(absl::StrCat(boot.run_dir, "/loaded/", patch), kListBytes)
          .value_or("");
  const size_t blank = text.find(' ');
  if (blank != kDigestLetters) return {"", text};
  return {text.substr(0, blank), text.substr(blank + 1)};
}

}  // namespace

std::string LoadedFrom(const BootFiles& boot, const std::string& patch) {
  return ReadLoaded(boot, patch).second;
}

std::string LoadedDigest(const BootFiles& boot, const std::string& patch) {
  return ReadLoaded(boot, patch).first;
}

}  // namespace klpx
