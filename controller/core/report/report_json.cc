// SPDX-License-Identifier: GPL-2.0
// Parts of JSON that several reports share.
#include "controller/core/report/report_json.h"

#include <optional>
#include <string>
#include <utility>

#include "controller/core/base/text.h"

namespace klpx {

std::optional<uint64_t> AgeMs(const klpx_task_info& info,
                              int64_t monotonic_ns) {
  if (info.since_ns == 0) return std::nullopt;
  const uint64_t now = static_cast<uint64_t>(monotonic_ns);
  if (now < info.since_ns) return info.age_ms;
  return (now - info.since_ns) / 1000000;
}

Json StatesJson(const std::vector<SystemState>& states) {
  Json json = Json::array();
  for (const SystemState& state : states) {
    Json entry;
    entry["id"] = state.id;
    entry["name"] = TextOrNull(state.name);
    entry["version"] = OrNull(state.version);
    entry["block_disable"] = state.block_disable;
    entry["is_shadow"] = state.is_shadow;
    entry["callbacks"] = state.callbacks;
    json.push_back(std::move(entry));
  }
  return json;
}

namespace {

Json ForcesJson(const std::vector<ForceMark>& forces) {
  Json json = Json::array();
  for (const ForceMark& mark : forces) {
    json.push_back(
        {{"transition", mark.transition},
         {"direction", mark.out_of_it ? Json(DirectionWord(!*mark.out_of_it))
                                      : Json(nullptr)},
         {"tasks", mark.tasks}});
  }
  return json;
}

}  // namespace

Json TransitionsJson(const std::vector<PatchState>& patches) {
  Json json = Json::array();
  for (const PatchState& patch : patches) {
    if (!patch.transition) continue;
    json.push_back({{"patch", patch.name},
                    {"engine", std::string(RowOf(patch.engine).word)},
                    {"state", std::string(StateWord(patch))},
                    {"tasks", OrNull(patch.tasks)},
                    {"pending", OrNull(patch.pending)},
                    {"elapsed_ms", OrNull(patch.elapsed_ms)}});
  }
  return json;
}

Json PatchJson(const PatchState& patch) {
  Json json;
  json["name"] = patch.name;
  json["state"] = std::string(StateWord(patch));
  json["engine"] = std::string(RowOf(patch.engine).word);
  json["adopted"] = patch.adopted;
  json["enabled"] = patch.enabled;
  json["transition"] = patch.transition;
  json["stack_order"] = OrNull(patch.stack_order);
  json["version"] = TextOrNull(patch.version);
  json["model"] = TextOrNull(patch.model);
  json["replace"] = OrNull(patch.replace);
  json["replace_set"] = OrNull(patch.replace_set);
  json["replaces"] = patch.replaces;
  json["replaced_by"] = TextOrNull(patch.replaced_by);
  json["forced"] = OrNull(patch.forced);
  json["forces"] = ForcesJson(patch.forces);
  json["tasks"] = OrNull(patch.tasks);
  json["pending"] = OrNull(patch.pending);
  json["elapsed_ms"] = OrNull(patch.elapsed_ms);
  json["retries"] = OrNull(patch.retries);
  json["refcount"] = OrNull(patch.refcount);
  json["permanent"] = patch.permanent;
  json["removable"] = IsRemovable(patch);
  json["states"] = StatesJson(patch.states);
  json["objects"] = Json::array();
  for (const ObjectState& object : patch.objects) {
    Json entry;
    entry["name"] = object.name;
    entry["patched"] = OrNull(object.patched);
    entry["callbacks"] = object.callbacks;
    entry["functions"] = Json::array();
    for (const FunctionState& function : object.functions) {
      entry["functions"].push_back({{"name", function.name},
                                    {"sympos", function.sympos},
                                    {"owner", TextOrNull(function.owner)}});
    }
    json["objects"].push_back(std::move(entry));
  }
  return json;
}

Json BlockerJson(const Blocker& blocker, int64_t monotonic_ns) {
  const klpx_task_info& info = blocker.info;
  Json json;
  json["tid"] = info.key.tid;
  json["pid"] = info.pid;
  json["idle_cpu"] =
      info.key.idle_cpu < 0 ? Json(nullptr) : Json(info.key.idle_cpu);
  json["start_ns"] = info.key.start_ns;
  json["comm"] = info.comm;
  json["patch"] = info.patch;
  json["target"] = info.target == KLPX_PATCHED ? "patched" : "unpatched";
  json["state"] = TaskStateLetter(info.task_state);
  json["reason"] = std::string(ReasonWord(info.reason));
  json["function"] = TextOrNull(info.function);
  json["age_ms"] = OrNull(AgeMs(info, monotonic_ns));
  json["since_ns"] = info.since_ns;
  json["checked_ns"] = info.checked_ns;
  json["cpu"] = info.cpu;
  // The kernel's own engine does not say which tasks it has signalled.
  json["signals"] =
      info.engine == KLPX_ENGINE_KLPX ? Json(info.signals) : Json(nullptr);
  json["kthread"] = info.kthread;
  json["io_worker"] = info.io_worker;
  json["uid"] = OrNull(blocker.uid);
  json["user"] = TextOrNull(blocker.user);
  json["cgroup"] = TextOrNull(blocker.cgroup);
  json["cmdline"] = TextOrNull(blocker.cmdline);
  json["stack"] = blocker.stack;
  return json;
}

Json BlockersJson(const std::vector<Blocker>& blockers, int64_t monotonic_ns) {
  Json json = Json::array();
  for (const Blocker& blocker : blockers) {
    json.push_back(BlockerJson(blocker, monotonic_ns));
  }
  return json;
}

Json LossesJson(const std::optional<LossCounters>& losses) {
  if (!losses) return nullptr;
  Json json;
  json["events"] = losses->events;
  json["events_lost"] = losses->events_lost;
  json["state_lost"] = losses->state_lost;
  json["read_failed"] = losses->read_failed;
  return json;
}

}  // namespace klpx
