// SPDX-License-Identifier: GPL-2.0
// The report of 'status': patches in detail, and a summary of what blocks the
// transition.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/text.h"
#include "controller/core/history/force_notes.h"
#include "controller/core/report/report.h"
#include "controller/core/report/report_json.h"
#include "controller/core/transition/advice.h"
#include "controller/core/transition/progress.h"

namespace klpx {
namespace {

constexpr absl::string_view kStopMachine = "stop-machine";

std::map<std::string, uint64_t> CountReasons(
    const std::vector<Blocker>& blockers) {
  std::map<std::string, uint64_t> counts;
  for (const Blocker& blocker : blockers) {
    counts[std::string(ReasonWord(blocker.info.reason))]++;
  }
  return counts;
}

// What happens to the module of a patch that the engine no longer has.
std::string ModuleLine(const PatchState& patch) {
  if (patch.permanent) {
    return "it has no module_exit(), so it stays until reboot";
  }
  if (patch.refcount.value_or(0) == 0) {
    return absl::StrCat("unused; 'klp-controller unload ", patch.name,
                        "' removes it");
  }
  return absl::StrCat("held by ", Count(*patch.refcount, "reference"),
                      "; if a task was forced out of it, it stays until "
                      "reboot");
}

// The lines between the state and the objects.
std::string FactLines(const PatchState& patch) {
  std::string text;
  if (patch.engine != Engine::kKlpx) {
    absl::StrAppend(&text, "  engine:    ", RowOf(patch.engine).name, "\n");
  }
  if (patch.adopted) {
    absl::StrAppend(&text, "  engine:    ", RowOf(patch.engine).name,
                    " (adopted; made for ", RowOf(Engine::kKernel).name, ")\n");
  }
  if (!patch.replaces.empty()) {
    absl::StrAppend(&text, "  replaces:  ", absl::StrJoin(patch.replaces, ", "),
                    "; still enabled until this transition ends\n");
  }
  if (!patch.replaced_by.empty()) {
    absl::StrAppend(&text, "  waits:     replaced by ", patch.replaced_by,
                    " when that transition ends; then this module can be "
                    "unloaded\n");
  }
  if (!patch.version.empty()) {
    absl::StrAppend(&text, "  version:   ", Printable(patch.version), "\n");
  }
  if (patch.model == kStopMachine) {
    absl::StrAppend(&text, "  model:     ", patch.model, "\n");
  }
  if (patch.stack_order) {
    absl::StrAppend(&text, "  order:     ", *patch.stack_order, "\n");
  }
  return text;
}

std::string ForcedLines(const PatchState& patch) {
  std::string text;
  for (const std::string& note : ForceNotes(patch)) {
    absl::StrAppend(&text, "  forced:    ", note, "\n");
  }
  return text;
}

std::string ObjectLines(const PatchState& patch, const ObjectState& object) {
  const bool waits = object.patched.has_value() && !*object.patched;
  std::string text = absl::StrCat("  object:    ", object.name,
                                  waits ? " (not redirected)" : "", "\n");
  for (const FunctionState& function : object.functions) {
    const bool covered =
        !function.owner.empty() && function.owner != patch.name;
    absl::StrAppend(
        &text, "    ", function.name, ",", function.sympos,
        covered ? absl::StrCat(" (", function.owner, " has a newer version)")
                : "",
        "\n");
  }
  return text;
}

std::string PatchText(const PatchState& patch) {
  std::string text =
      absl::StrCat(patch.name, "\n  state:     ", StateWord(patch), "\n");
  if (!patch.registered) {
    return absl::StrCat(text, "  module:    ", ModuleLine(patch), "\n",
                        ForcedLines(patch));
  }
  absl::StrAppend(&text, FactLines(patch), ForcedLines(patch));
  for (const ObjectState& object : patch.objects) {
    absl::StrAppend(&text, ObjectLines(patch, object));
  }
  if (patch.transition) {
    absl::StrAppend(&text, "  progress:  ", ProgressLine(ProgressOf(patch, {})),
                    "\n");
  }
  return text;
}

// One line for each thing that the operator can or cannot unload.
std::string Summary(const std::vector<PatchState>& patches) {
  std::string text;
  std::vector<std::string> removable;
  std::vector<std::string> held;
  std::vector<std::string> permanent;
  for (const PatchState& patch : patches) {
    if (IsRemovable(patch)) removable.push_back(patch.name);
    const bool pinned = patch.registered ? patch.forced.value_or(false)
                                         : patch.refcount.value_or(0) > 0;
    if (patch.permanent) {
      permanent.push_back(patch.name);
    } else if (pinned) {
      held.push_back(patch.name);
    }
  }
  if (!removable.empty()) {
    absl::StrAppend(&text, "can be unloaded: ", absl::StrJoin(removable, ", "),
                    "\n");
  }
  if (!permanent.empty()) {
    absl::StrAppend(&text, "stay loaded (no module_exit()): ",
                    absl::StrJoin(permanent, ", "), "\n");
  }
  if (!held.empty()) {
    absl::StrAppend(&text, "stay loaded (forced, or in use): ",
                    absl::StrJoin(held, ", "), "\n");
  }
  return text;
}

// Advice about tasks that no signal moves.
std::string HelpLines(const StatusReport& report, const PatchState& patch) {
  std::vector<Blocker> beyond;
  for (const Blocker& blocker : report.blockers) {
    if (patch.name == blocker.info.patch && IsBeyondSignals(blocker.info)) {
      beyond.push_back(blocker);
    }
  }
  std::string text;
  for (const std::string& line : AdviceFor(beyond, patch)) {
    absl::StrAppend(&text, "    ", line, "\n");
  }
  return text;
}

// "1 patch enabled", "3 patches enabled".
std::string EnabledWords(const StatusReport& report) {
  const auto count =
      std::count_if(report.patches.begin(), report.patches.end(),
                    [](const PatchState& patch) { return patch.enabled; });
  if (count == 0) return "no patch enabled";
  return absl::StrCat(count, count == 1 ? " patch" : " patches", " enabled");
}

// Is there something that the operator should look into?
bool NeedsAttention(const StatusReport& report) {
  return !report.notes.empty() ||
         std::any_of(report.patches.begin(), report.patches.end(),
                     [](const PatchState& patch) {
                       return !ForceNotes(patch).empty();
                     });
}

std::string BlockersLine(const StatusReport& report, const PatchState& patch) {
  if (!report.losses) {
    return absl::StrCat("  blocking:  unknown: ", report.observer_error, "\n");
  }
  std::vector<std::string> parts;
  std::vector<Blocker> blockers;
  for (const Blocker& blocker : report.blockers) {
    if (patch.name == blocker.info.patch) blockers.push_back(blocker);
  }
  for (const auto& [reason, count] : CountReasons(blockers)) {
    parts.push_back(absl::StrCat(count, " ", reason));
  }
  const std::string summary =
      parts.empty() ? "no task seen blocking" : absl::StrJoin(parts, ", ");
  return absl::StrCat("  blocking:  ", summary,
                      "; see 'klp-controller blocking'\n");
}

std::string PatchCount(const StatusReport& report, Engine engine) {
  const auto count = std::count_if(
      report.patches.begin(), report.patches.end(),
      [&](const PatchState& patch) { return patch.engine == engine; });
  return count == 1 ? "1 patch" : absl::StrCat(count, " patches");
}

// The kernel's own engine gets a line if it has patches.
std::string EngineLines(const StatusReport& report) {
  std::string text =
      report.engine_abi
          ? absl::StrCat("klpx.ko is loaded, ABI ", *report.engine_abi, ", ",
                         PatchCount(report, Engine::kKlpx), "\n")
          : "klpx.ko is not loaded, no patches\n";
  const bool any = std::any_of(
      report.patches.begin(), report.patches.end(),
      [](const PatchState& patch) { return patch.engine == Engine::kKernel; });
  if (any) {
    absl::StrAppend(&text, RowOf(Engine::kKernel).name, " has ",
                    PatchCount(report, Engine::kKernel), "\n");
  }
  if (report.adopts.value_or(false)) {
    absl::StrAppend(&text, "klpx.ko adopts new patches made for ",
                    RowOf(Engine::kKernel).name, "\n");
  }
  if (report.daemon) {
    absl::StrAppend(&text, *report.daemon ? "the daemon is running\n"
                                          : "no daemon is running\n");
  }
  return text;
}

}  // namespace

std::string StatusVerdict(const StatusReport& report) {
  std::vector<std::string> moving;
  for (const PatchState& patch : report.patches) {
    if (!patch.transition) continue;
    const auto next = report.next.find(patch.name);
    moving.push_back(absl::StrCat(
        patch.name, ", ", StateWord(patch),
        patch.replaces.empty() ? "" : ", replaces ",
        absl::StrJoin(patch.replaces, ", "),
        patch.pending
            ? absl::StrCat(", ", Count(*patch.pending, "task"), " left")
            : "",
        next == report.next.end() ? "" : absl::StrCat("; ", next->second)));
  }
  if (!moving.empty()) {
    return absl::StrCat("in transition: ", absl::StrJoin(moving, "; "));
  }
  return absl::StrCat(
      NeedsAttention(report) ? "attention: " : "OK: ", EnabledWords(report),
      ", nothing in transition", NeedsAttention(report) ? "; see below" : "");
}

std::string StatusText(const StatusReport& report) {
  std::string notes;
  for (const std::string& note : report.notes) {
    absl::StrAppend(&notes, "note: ", note, "\n");
  }
  std::string text =
      absl::StrCat(StatusVerdict(report), "\n", EngineLines(report),
                   Summary(report.patches), notes);
  for (const PatchState& patch : report.patches) {
    absl::StrAppend(&text, "\n", PatchText(patch));
    if (!patch.transition) continue;
    absl::StrAppend(&text, BlockersLine(report, patch),
                    HelpLines(report, patch));
  }
  if (report.losses &&
      report.losses->events_lost + report.losses->state_lost > 0) {
    absl::StrAppend(&text, "\nwarning: the observer lost ",
                    Count(report.losses->events_lost, "report"), " and ",
                    Count(report.losses->state_lost, "task state"),
                    "; some tasks may be missing here\n");
  }
  return text;
}

Json StatusDocument(const StatusReport& report) {
  Json json = Envelope("klp.status/v1", report.host);
  json["engine"] = {{"name", "klpx"},
                    {"loaded", report.engine_abi.has_value()},
                    {"abi", OrNull(report.engine_abi)},
                    {"adopts", OrNull(report.adopts)}};
  json["kernel_engine"] = {{"available", report.kernel_engine}};
  json["verdict"] = StatusVerdict(report);
  json["in_transition"] = nullptr;
  json["daemon"] = OrNull(report.daemon);
  json["next"] = Json::object();
  for (const auto& [patch, act] : report.next) json["next"][patch] = act;
  json["transitions"] = TransitionsJson(report.patches);
  json["patches"] = Json::array();
  for (const PatchState& patch : report.patches) {
    if (patch.transition && json["in_transition"].is_null()) {
      json["in_transition"] = patch.name;
    }
    json["patches"].push_back(PatchJson(patch));
  }
  json["blocking"] = nullptr;
  if (report.losses) {
    json["blocking"] = Json::object();
    for (const auto& [reason, count] : CountReasons(report.blockers)) {
      json["blocking"][reason] = count;
    }
  }
  json["observer"] = LossesJson(report.losses);
  json["observer_error"] = TextOrNull(report.observer_error);
  json["notes"] = report.notes;
  return json;
}

std::string StatusJson(const StatusReport& report) {
  return Dump(StatusDocument(report));
}

}  // namespace klpx
