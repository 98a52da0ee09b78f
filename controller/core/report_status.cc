// SPDX-License-Identifier: GPL-2.0
// The report of 'status': patches in detail, and a summary of what holds up
// the transition.
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/abi.h"
#include "controller/core/progress.h"
#include "controller/core/report.h"
#include "controller/core/report_json.h"
#include "controller/core/text.h"

namespace klpx {
namespace {

std::map<std::string, uint64_t> CountReasons(
    const std::vector<Blocker>& blockers) {
  std::map<std::string, uint64_t> counts;
  for (const Blocker& blocker : blockers) {
    counts[std::string(ReasonWord(blocker.info.reason))]++;
  }
  return counts;
}

std::string PatchText(const PatchState& patch) {
  std::string text =
      absl::StrCat(patch.name, "\n  state:     ", StateWord(patch), "\n");
  if (!patch.registered) {
    const std::string module =
        patch.refcount.value_or(0) > 0
            ? "held in the kernel (forced, or in use); stays until reboot"
            : absl::StrCat("loaded; 'klp-controller unload ", patch.name,
                           "' removes it");
    return absl::StrCat(text, "  module:    ", module, "\n");
  }
  if (!patch.version.empty()) {
    absl::StrAppend(&text, "  version:   ", Printable(patch.version), "\n");
  }
  if (patch.stack_order) {
    absl::StrAppend(&text, "  order:     ", *patch.stack_order, "\n");
  }
  if (patch.forced.value_or(false)) {
    absl::StrAppend(&text, "  forced:    yes; the module stays until reboot\n");
  }
  for (const ObjectState& object : patch.objects) {
    const bool waits = object.patched.has_value() && !*object.patched;
    absl::StrAppend(&text, "  object:    ", object.name,
                    waits ? " (not redirected)" : "", "\n");
    for (const FunctionState& function : object.functions) {
      absl::StrAppend(&text, "    ", function.name, ",", function.sympos, "\n");
    }
  }
  if (patch.transition) {
    absl::StrAppend(&text, "  progress:  ", ProgressLine(ProgressOf(patch, {})),
                    "\n");
  }
  return text;
}

std::string BlockersLine(const StatusReport& report) {
  if (!report.losses) {
    return absl::StrCat("  blocking:  unknown: ", report.observer_error, "\n");
  }
  std::vector<std::string> parts;
  for (const auto& [reason, count] : CountReasons(report.blockers)) {
    parts.push_back(absl::StrCat(count, " ", reason));
  }
  const std::string summary =
      parts.empty() ? "no task seen to block" : absl::StrJoin(parts, ", ");
  return absl::StrCat("  blocking:  ", summary,
                      "; see 'klp-controller blocking'\n");
}

}  // namespace

std::string StatusText(const StatusReport& report) {
  if (!report.engine_abi) return "klpx.ko is not loaded, no patches\n";
  std::string text =
      absl::StrCat("klpx.ko is loaded, ABI ", *report.engine_abi, ", ",
                   report.patches.size() == 1
                       ? "1 patch"
                       : absl::StrCat(report.patches.size(), " patches"),
                   "\n");
  for (const PatchState& patch : report.patches) {
    absl::StrAppend(&text, "\n", PatchText(patch));
    if (patch.transition) absl::StrAppend(&text, BlockersLine(report));
  }
  if (report.losses &&
      report.losses->events_lost + report.losses->state_lost > 0) {
    absl::StrAppend(&text, "\nwarning: the observer lost ",
                    Count(report.losses->events_lost, "event"), " and ",
                    Count(report.losses->state_lost, "task state"),
                    "; the tasks shown may not be all\n");
  }
  return text;
}

std::string StatusJson(const StatusReport& report) {
  Json json = Envelope("klp.status/v1", report.host);
  json["engine"] = {{"name", "klpx"},
                    {"loaded", report.engine_abi.has_value()},
                    {"abi", OrNull(report.engine_abi)}};
  json["in_transition"] = nullptr;
  json["patches"] = Json::array();
  for (const PatchState& patch : report.patches) {
    if (patch.transition) json["in_transition"] = patch.name;
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
  return Dump(json);
}

}  // namespace klpx
