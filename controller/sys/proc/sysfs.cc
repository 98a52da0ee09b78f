// SPDX-License-Identifier: GPL-2.0
// The engines' sysfs directories as typed reads and writes. A patch may
// disappear between two reads: a missing value is then unknown, not an error.
#include "controller/sys/proc/sysfs.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "controller/core/base/abi.h"
#include "controller/core/kernel/module_list.h"
#include "controller/core/transition/patch_stack.h"

namespace klpx {
namespace {

// The suffixes of the counters switched_*.
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

std::string PatchDir(Engine engine, absl::string_view name) {
  return absl::StrCat(RowOf(engine).sysfs_dir, "/", name);
}

// Is this directory of the kernel's own engine a link to one of klpx? That is
// what klpx.ko leaves there for a patch that it has adopted.
bool IsAdoptedLink(Kernel& kernel, Engine engine, const std::string& dir) {
  return engine == Engine::kKernel && kernel.IsSymlink(dir);
}

// The engine that has this patch; kNone if neither has.
Engine FindEngine(Kernel& kernel, absl::string_view name) {
  for (const Engine engine : {Engine::kKlpx, Engine::kKernel}) {
    const std::string dir = PatchDir(engine, name);
    if (IsAdoptedLink(kernel, engine, dir)) continue;
    if (kernel.Exists(absl::StrCat(dir, "/enabled"))) return engine;
  }
  return Engine::kNone;
}

std::vector<std::string> List(Kernel& kernel, const std::string& path) {
  return kernel.ListDirectory(path).value_or(std::vector<std::string>());
}

// The names of the patches that an engine has.
std::vector<std::string> ListPatches(Kernel& kernel, Engine engine) {
  std::vector<std::string> names =
      List(kernel, std::string(RowOf(engine).sysfs_dir));
  std::erase_if(names, [&](const std::string& name) {
    return IsAdoptedLink(kernel, engine, PatchDir(engine, name));
  });
  return names;
}

std::vector<std::string> ReadWords(Kernel& kernel, const std::string& path) {
  return absl::StrSplit(ReadText(kernel, path).value_or(""), ' ',
                        absl::SkipEmpty());
}

// The states, sorted by id.
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

// Objects are those subdirectories of a patch that have a file 'patched'.
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

// Sorts patches by stack order or, if the engine does not report that, by the
// order in which their modules were loaded.
void SortAsStacked(const std::vector<LoadedModule>& modules,
                   std::vector<PatchState>& patches) {
  std::map<std::string, size_t> loaded;
  for (size_t i = 0; i < modules.size(); i++) loaded[modules[i].name] = i;
  const auto key = [&](const PatchState& patch) {
    const auto found = loaded.find(patch.name);
    return std::pair(patch.stack_order,
                     found == loaded.end() ? 0 : found->second);
  };
  std::stable_sort(patches.begin(), patches.end(),
                   [&](const PatchState& a, const PatchState& b) {
                     return key(a) < key(b);
                   });
}

// The loaded modules of this engine's patches, enabled or not. A module that
// was made for the kernel's own engine counts as its, unless klpx has adopted
// it.
std::vector<std::string> PatchModules(
    Kernel& kernel, Engine engine, const std::vector<LoadedModule>& modules) {
  const std::vector<std::string> holders =
      List(kernel, absl::StrCat("/sys/module/", KLPX_MODULE_NAME, "/holders"));
  if (engine == Engine::kKlpx) return holders;
  std::vector<std::string> ours = ListPatches(kernel, Engine::kKlpx);
  ours.insert(ours.end(), holders.begin(), holders.end());
  std::vector<std::string> names;
  for (const LoadedModule& module : modules) {
    const bool is_ours =
        std::find(ours.begin(), ours.end(), module.name) != ours.end();
    if (module.is_livepatch && !is_ours) names.push_back(module.name);
  }
  return names;
}

// Marks the patches whose modules have no module_exit().
void MarkPermanent(const std::vector<LoadedModule>& modules,
                   std::vector<PatchState>& patches) {
  std::set<std::string> permanent;
  for (const LoadedModule& module : modules) {
    if (module.is_permanent) permanent.insert(module.name);
  }
  for (PatchState& patch : patches) {
    patch.permanent = permanent.contains(patch.name);
  }
}

bool TakesSignals(Kernel& kernel, Engine engine) {
  return RowOf(engine).pushes_tasks ||
         (engine == Engine::kKernel && kernel.Exists(KLPX_SIGNAL_TASK));
}

}  // namespace

bool IsModuleLoaded(Kernel& kernel, const std::string& module) {
  // Built-in modules have a directory too, but no initstate.
  return kernel.Exists(absl::StrCat("/sys/module/", module, "/initstate"));
}

bool IsPermanent(Kernel& kernel, const std::string& module) {
  const std::vector<LoadedModule> modules =
      ParseModules(kernel.ReadFile("/proc/modules").value_or(""));
  return std::any_of(modules.begin(), modules.end(),
                     [&](const LoadedModule& loaded) {
                       return loaded.name == module && loaded.is_permanent;
                     });
}

bool IsModuleLive(Kernel& kernel, const std::string& module) {
  const absl::StatusOr<std::string> state =
      kernel.ReadFile(absl::StrCat("/sys/module/", module, "/initstate"));
  return state.ok() && absl::StripAsciiWhitespace(*state) == "live";
}

std::optional<uint64_t> RefCount(Kernel& kernel, const std::string& module) {
  return ReadNumber(kernel, absl::StrCat("/sys/module/", module, "/refcnt"));
}

std::optional<uint64_t> EngineAbi(Kernel& kernel) {
  return ReadNumber(kernel, absl::StrCat(KLPX_STATS_DIR, "/abi"));
}

bool HasEngine(Kernel& kernel, Engine engine) {
  if (RowOf(engine).is_module) return EngineAbi(kernel) == KLPX_ABI_VERSION;
  return kernel.Exists(std::string(RowOf(engine).sysfs_dir));
}

std::optional<uint64_t> SwitchedTasks(Kernel& kernel, Engine engine) {
  if (!RowOf(engine).keeps_records) return std::nullopt;
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
  const Engine engine = FindEngine(kernel, name);
  if (engine == Engine::kNone) return std::nullopt;
  const std::string dir = PatchDir(engine, name);
  const auto enabled = ReadFlag(kernel, absl::StrCat(dir, "/enabled"));
  const auto transition = ReadFlag(kernel, absl::StrCat(dir, "/transition"));
  if (!enabled || !transition) return std::nullopt;
  PatchState patch;
  patch.name = name;
  patch.engine = engine;
  patch.adopted =
      ReadFlag(kernel, absl::StrCat(dir, "/adopted")).value_or(false);
  patch.takes_signals = TakesSignals(kernel, engine);
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
  // The engine writes 0 for no version.
  if (patch.version == "0") patch.version.clear();
  patch.model = ReadText(kernel, absl::StrCat(dir, "/model")).value_or("");
  patch.replace_set = ReadNumber(kernel, absl::StrCat(dir, "/replace_set"));
  patch.objects = ReadObjects(kernel, dir);
  patch.states = ReadStates(kernel, absl::StrCat(dir, "/states"));
  return patch;
}

std::vector<PatchState> ReadPatches(Kernel& kernel, Engine engine) {
  const std::vector<LoadedModule> modules =
      ParseModules(kernel.ReadFile("/proc/modules").value_or(""));
  std::vector<PatchState> patches;
  std::set<std::string> names;
  for (const std::string& name : ListPatches(kernel, engine)) {
    std::optional<PatchState> patch = ReadPatch(kernel, name);
    if (!patch || patch->engine != engine) continue;
    names.insert(name);
    patches.push_back(*std::move(patch));
  }
  SortAsStacked(modules, patches);
  Relate(patches);
  // Add the modules of disabled patches.
  for (const std::string& name : PatchModules(kernel, engine, modules)) {
    if (names.contains(name)) continue;
    PatchState patch;
    patch.name = name;
    patch.engine = engine;
    patch.refcount = RefCount(kernel, name);
    patches.push_back(std::move(patch));
  }
  MarkPermanent(modules, patches);
  return patches;
}

std::vector<PatchState> ReadPatches(Kernel& kernel) {
  std::vector<PatchState> patches = ReadPatches(kernel, Engine::kKlpx);
  std::set<std::string> names;
  for (const PatchState& patch : patches) names.insert(patch.name);
  for (PatchState& patch : ReadPatches(kernel, Engine::kKernel)) {
    // An adopted patch may have been disabled between the two readings.
    if (!names.contains(patch.name)) patches.push_back(std::move(patch));
  }
  return patches;
}

std::vector<LivepatchFact> ReadLivepatches(Kernel& kernel) {
  std::vector<LivepatchFact> facts;
  for (const std::string& name : ListPatches(kernel, Engine::kKernel)) {
    const std::string dir = PatchDir(Engine::kKernel, name);
    const auto enabled = ReadFlag(kernel, absl::StrCat(dir, "/enabled"));
    const auto transition = ReadFlag(kernel, absl::StrCat(dir, "/transition"));
    if (enabled && transition) facts.push_back({name, *enabled, *transition});
  }
  return facts;
}

std::vector<PatchState> FindTransitions(Kernel& kernel) {
  std::vector<PatchState> moving = ReadPatches(kernel);
  std::erase_if(moving,
                [](const PatchState& patch) { return !patch.transition; });
  return moving;
}

std::optional<PatchState> FindTransition(Kernel& kernel) {
  std::vector<PatchState> moving = FindTransitions(kernel);
  if (moving.empty()) return std::nullopt;
  return std::move(moving.front());
}

std::optional<PatchState> FindTransition(Kernel& kernel, Engine engine) {
  for (PatchState& patch : FindTransitions(kernel)) {
    if (patch.engine == engine) return std::move(patch);
  }
  return std::nullopt;
}

absl::Status WriteAttribute(Kernel& kernel, const std::string& patch,
                            absl::string_view attribute,
                            absl::string_view value) {
  Engine engine = FindEngine(kernel, patch);
  // The patch is gone: let the write fail and say so.
  if (engine == Engine::kNone) engine = Engine::kKlpx;
  return kernel.WriteFile(absl::StrCat(PatchDir(engine, patch), "/", attribute),
                          value);
}

}  // namespace klpx
