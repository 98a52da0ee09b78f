// SPDX-License-Identifier: GPL-2.0
// What this machine knows of a patch that is not in use.
#include "controller/ops/boot/known.h"

#include "absl/strings/str_cat.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/base/patch_name.h"
#include "controller/ops/boot/accepted_store.h"
#include "controller/ops/kernel/resolve.h"
#include "controller/ops/patch/load.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

bool IsInHistory(const Recorder& recorder, const std::string& patch) {
  const std::string& path = recorder.path;
  if (path.empty()) return false;
  absl::StatusOr<HistoryStore> store =
      HistoryStore::Open(path, Access::kReadOnly);
  if (!store.ok()) return false;
  HistoryFilter filter;
  filter.patch = patch;
  filter.limit = 1;
  const auto found = store->Query(filter);
  return found.ok() && !found->empty();
}

}  // namespace

absl::Status CheckKnown(const BootFiles& boot, const Recorder& recorder,
                        const std::string& argument) {
  const absl::StatusOr<std::string> name = ResolveName(boot.kernel, argument);
  if (!name.ok()) return name.status();
  if (*name == KLPX_MODULE_NAME || IsModuleLoaded(boot.kernel, *name)) {
    return absl::OkStatus();
  }
  if (IsPath(argument) && boot.kernel.Exists(argument)) {
    return absl::OkStatus();
  }
  if (IsAccepted(boot, *name) || IsInHistory(recorder, *name) ||
      !LoadedFrom(boot, *name).empty()) {
    return absl::OkStatus();
  }
  return ResolvePatch(boot.kernel, argument).status();
}

absl::StatusOr<std::string> FileToEnableAgain(const BootFiles& boot,
                                              const std::string& patch) {
  const std::string path = LoadedFrom(boot, patch);
  if (!IsModuleLoaded(boot.kernel, patch)) {
    return Error(ErrorKind::kNoSuchPatch, "'", patch, "': no such patch; ",
                 path.empty()
                     ? "give the path of a .ko file"
                     : absl::StrCat("in this boot it was loaded from ", path,
                                    ": give that path, or another"));
  }
  const std::string disabled =
      absl::StrCat("'", patch, "': disabled; to enable it again,");
  if (path.empty()) {
    return Error(ErrorKind::kNoSuchPatch, disabled,
                 " give the path of its .ko file");
  }
  const absl::StatusOr<PatchFile> file = ReadPatchFile(boot.kernel, path);
  if (file.ok() && file->module == patch &&
      IsLoadedBuild(boot.kernel, *file).value_or(false)) {
    return path;
  }
  return Error(ErrorKind::kNoSuchPatch, disabled,
               " give the path of its .ko file (it was loaded from ", path,
               ": ",
               file.ok() ? "that file no longer matches the loaded module"
                         : file.status().message(),
               ")");
}

}  // namespace klpx
