// SPDX-License-Identifier: GPL-2.0
// Tells the name of a patch that is no longer loaded from a mistyped name.
#include "controller/ops/boot/known.h"

#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/base/patch_name.h"
#include "controller/ops/boot/accepted_store.h"
#include "controller/ops/kernel/resolve.h"
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

}  // namespace klpx
