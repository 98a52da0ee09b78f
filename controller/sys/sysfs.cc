// SPDX-License-Identifier: GPL-2.0
// The engine's sysfs directory as typed reads and writes. A patch may vanish
// between two reads: what is then missing is unknown, not an error.
#include "controller/sys/sysfs.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "controller/core/abi.h"
#include "controller/core/stack.h"

namespace klpx {
namespace {

constexpr char kLivepatchDir[] = "/sys/kernel/livepatch";

// The ends of the counters switched_...
constexpr absl::string_view kHows[] = {
    "asleep", "kernel_exit", "context_switch", "idle", "exited", "forced"};

std::optional<std::string> ReadText(Kernel& kernel, const std::string& path) {
  const absl::StatusOr<std::string> text = kernel.ReadFile(path);
  if (!text.ok()) return std::nullopt;
  return std::string(absl::StripAsciiWhitespace(*text));
}

std::optional<uint64_t> ReadNumber(Kernel& kernel, const std::string& path) {
  const auto text = ReadText(kernel, path);
  uint64_t number = 0;
  if (!text || !absl::SimpleAtoi(*text, &number)) return std::nullopt;
  return number;
}

std::optional<bool> ReadFlag(Kernel& kernel, const std::string& path) {
  const auto number = ReadNumber(kernel, path);
  if (!number) return std::nullopt;
  return *number != 0;
}

std::string PatchDir(absl::string_view name) {
  return absl::StrCat(KLPX_SYSFS_DIR, "/", name);
}

std::vector<std::string> List(Kernel& kernel, const std::string& path) {
  return kernel.ListDirectory(path).value_or(std::vector<std::string>());
}

std::vector<std::string> ReadWords(Kernel& kernel, const std::string& path) {
  return absl::StrSplit(ReadText(kernel, path).value_or(""), ' ',
                        absl::SkipEmpty());
}

// In the order of their ids.
std::vector<SystemState> ReadStates(Kernel& kernel, const std::string& dir) {
  std::vector<SystemState> states;
  for (const std::string& id : List(kernel, dir)) {
    const std::string state_dir = absl::StrCat(dir, "/", id);
    SystemState state;
    if (!absl::SimpleAtoi(id, &state.id)) continue;
    state.name =
        ReadText(kernel, absl::StrCat(state_dir, "/name")).value_or("");
    state.version = ReadNumber(kernel, absl::StrCat(state_dir, "/version"));
    state.block_disable =
        ReadFlag(kernel, absl::StrCat(state_dir, "/block_disable"))
            .value_or(false);
    state.is_shadow =
        ReadFlag(kernel, absl::StrCat(state_dir, "/is_shadow")).value_or(false);
    state.callbacks = ReadWords(kernel, absl::StrCat(state_dir, "/callbacks"));
    states.push_back(std::move(state));
  }
  std::sort(
      states.begin(), states.end(),
      [](const SystemState& a, const SystemState& b) { return a.id < b.id; });
  return states;
}

// Objects are the directories of a patch, told by the 'patched' in them.
std::vector<ObjectState> ReadObjects(Kernel& kernel, const std::string& dir) {
  std::vector<ObjectState> objects;
  for (const std::string& name : List(kernel, dir)) {
    const std::string object_dir = absl::StrCat(dir, "/", name);
    if (!kernel.Exists(absl::StrCat(object_dir, "/patched"))) continue;
    ObjectState object;
    object.name = name;
    object.patched = ReadFlag(kernel, absl::StrCat(object_dir, "/patched"));
    object.callbacks =
        ReadWords(kernel, absl::StrCat(object_dir, "/callbacks"));
    for (const std::string& entry : List(kernel, object_dir)) {
      const std::vector<std::string> parts = absl::StrSplit(entry, ',');
      if (parts.size() == 2) object.functions.push_back({parts[0], parts[1]});
    }
    objects.push_back(std::move(object));
  }
  return objects;
}

}  // namespace

bool IsModuleLoaded(Kernel& kernel, const std::string& module) {
  // Built-in modules have a directory too, but no initstate.
  return kernel.Exists(absl::StrCat("/sys/module/", module, "/initstate"));
}

std::optional<uint64_t> RefCount(Kernel& kernel, const std::string& module) {
  return ReadNumber(kernel, absl::StrCat("/sys/module/", module, "/refcnt"));
}

std::optional<uint64_t> EngineAbi(Kernel& kernel) {
  return ReadNumber(kernel, absl::StrCat(KLPX_STATS_DIR, "/abi"));
}

std::optional<uint64_t> SwitchedTasks(Kernel& kernel) {
  uint64_t sum = 0;
  for (const absl::string_view how : kHows) {
    const auto count =
        ReadNumber(kernel, absl::StrCat(KLPX_STATS_DIR, "/switched_", how));
    if (!count) return std::nullopt;
    sum += *count;
  }
  return sum;
}

std::optional<PatchState> ReadPatch(Kernel& kernel, const std::string& name) {
  const std::string dir = PatchDir(name);
  const auto enabled = ReadFlag(kernel, absl::StrCat(dir, "/enabled"));
  const auto transition = ReadFlag(kernel, absl::StrCat(dir, "/transition"));
  if (!enabled || !transition) return std::nullopt;
  PatchState patch;
  patch.name = name;
  patch.registered = true;
  patch.enabled = *enabled;
  patch.transition = *transition;
  patch.replace = ReadFlag(kernel, absl::StrCat(dir, "/replace"));
  patch.forced = ReadFlag(kernel, absl::StrCat(dir, "/forced"));
  patch.stack_order = ReadNumber(kernel, absl::StrCat(dir, "/stack_order"));
  patch.tasks = ReadNumber(kernel, absl::StrCat(dir, "/tasks"));
  patch.pending = ReadNumber(kernel, absl::StrCat(dir, "/pending"));
  patch.elapsed_ms = ReadNumber(kernel, absl::StrCat(dir, "/elapsed_ms"));
  patch.retries = ReadNumber(kernel, absl::StrCat(dir, "/retries"));
  patch.version = ReadText(kernel, absl::StrCat(dir, "/version")).value_or("");
  // The engine's word for none.
  if (patch.version == "0") patch.version.clear();
  patch.model = ReadText(kernel, absl::StrCat(dir, "/model")).value_or("");
  patch.replace_set = ReadNumber(kernel, absl::StrCat(dir, "/replace_set"));
  patch.objects = ReadObjects(kernel, dir);
  patch.states = ReadStates(kernel, absl::StrCat(dir, "/states"));
  return patch;
}

std::vector<PatchState> ReadPatches(Kernel& kernel) {
  std::vector<PatchState> patches;
  std::set<std::string> names;
  for (const std::string& name : List(kernel, KLPX_SYSFS_DIR)) {
    std::optional<PatchState> patch = ReadPatch(kernel, name);
    if (!patch) continue;
    names.insert(name);
    patches.push_back(*std::move(patch));
  }
  std::sort(patches.begin(), patches.end(),
            [](const PatchState& a, const PatchState& b) {
              return a.stack_order < b.stack_order;
            });
  Relate(patches);
  // Modules that use klpx.ko without a patch: disabled, but still loaded.
  const std::string holders =
      absl::StrCat("/sys/module/", KLPX_MODULE_NAME, "/holders");
  for (const std::string& name : List(kernel, holders)) {
    if (names.contains(name)) continue;
    PatchState patch;
    patch.name = name;
    patch.refcount = RefCount(kernel, name);
    patches.push_back(std::move(patch));
  }
  return patches;
}

std::optional<PatchState> FindTransition(Kernel& kernel) {
  for (PatchState& patch : ReadPatches(kernel)) {
    if (patch.transition) return std::move(patch);
  }
  return std::nullopt;
}

FunctionSet RedirectedFunctions(const std::vector<PatchState>& patches) {
  FunctionSet functions;
  for (const PatchState& patch : patches) {
    for (const ObjectState& object : patch.objects) {
      for (const FunctionState& function : object.functions) {
        functions.insert({object.name, function.name});
      }
    }
  }
  return functions;
}

absl::flat_hash_map<FunctionKey, std::string> ReadLivepatches(Kernel& kernel) {
  absl::flat_hash_map<FunctionKey, std::string> livepatches;
  for (const std::string& patch : List(kernel, kLivepatchDir)) {
    const std::string dir = absl::StrCat(kLivepatchDir, "/", patch);
    for (const ObjectState& object : ReadObjects(kernel, dir)) {
      for (const FunctionState& function : object.functions) {
        livepatches[{object.name, function.name}] = patch;
      }
    }
  }
  return livepatches;
}

absl::Status WriteAttribute(Kernel& kernel, const std::string& patch,
                            absl::string_view attribute,
                            absl::string_view value) {
  return kernel.WriteFile(absl::StrCat(PatchDir(patch), "/", attribute), value);
}

}  // namespace klpx
