// SPDX-License-Identifier: GPL-2.0
// Every result of the controller as text for people and as JSON for programs.
// Takes what is known, returns strings; knows nothing of terminals or files.
#ifndef KLPX_CONTROLLER_CORE_REPORT_REPORT_H_
#define KLPX_CONTROLLER_CORE_REPORT_REPORT_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "controller/core/base/model.h"
#include "controller/core/kernel/function_table.h"
#include "controller/core/patch/patch_file.h"
#include "controller/core/preflight/finding.h"
#include "controller/core/preflight/forecast.h"

namespace klpx {

// klp.list/v1: all patches, one a row, in stack order, the newest last.
std::string ListText(const std::vector<PatchState>& patches);
// The functions they replace, one a row, each with the newest version of it.
// places (core/patch/function_identity.h) says which names are one function.
std::string FunctionsText(const std::vector<PatchState>& patches,
                          const FunctionTable& places = {});
// Both.
std::string ListJson(const Host& host, const std::vector<PatchState>& patches,
                     const FunctionTable& places = {});

// klp.status/v1: patches in detail, and why a transition has not ended.
struct StatusReport {
  Host host;
  std::optional<uint64_t> engine_abi;  // nullopt: klpx.ko is not loaded
  bool kernel_engine = false;          // CONFIG_LIVEPATCH
  std::vector<PatchState> patches;
  std::vector<Blocker> blockers;  // of all that are in transition
  // nullopt: the observer could not be asked, for the reason in observer_error.
  std::optional<LossCounters> losses;
  std::string observer_error;
  // What is to be known beside: patches that are kept out at boot.
  std::vector<std::string> notes = {};
  std::optional<bool> daemon = std::nullopt;  // does one run?
  // Of each patch in transition: what is going to happen when.
  std::map<std::string, std::string> next = {};
};
// One line: is all well, or what is going on, or is there something to see to?
std::string StatusVerdict(const StatusReport& report);
std::string StatusText(const StatusReport& report);
std::string StatusJson(const StatusReport& report);

// klp.blocking/v1: the tasks that hold up a transition.
struct BlockingReport {
  Host host;
  std::optional<PatchState> patch;  // nullopt: nothing is in transition
  std::vector<PatchState> others;   // in transition at the same time
  std::vector<Blocker> blockers;    // of all of them
  std::optional<LossCounters> losses;
  bool verbose = false;
  bool all =
      false;  // one row a task; otherwise threads of a process are folded
};
std::string BlockingText(const BlockingReport& report);
// one_line: a record of a stream rather than a document.
std::string BlockingJson(const BlockingReport& report, bool one_line);

// klp.check/v1: is anything in transition? One of each engine can be.
std::string CheckText(const std::vector<PatchState>& moving);
std::string CheckJson(const Host& host, const std::vector<PatchState>& moving);

// klp.info/v1: a patch file, a loaded patch, or both.
struct InfoReport {
  Host host;
  std::string path;
  std::optional<PatchFile> file;
  std::optional<PatchState> patch;
  // Is the file the one that was loaded? Not known without a loaded patch.
  std::optional<bool> same_build;
  // Of the modules that the file patches: those that are loaded.
  absl::flat_hash_set<std::string> loaded_modules;
  // All patches, in stack order: who has a version of a function now.
  std::vector<PatchState> installed;
  FunctionTable places;  // of their functions and those of the file
};
std::string InfoText(const InfoReport& report);
std::string InfoJson(const InfoReport& report);

// klp.preflight/v1: what was found before an enable.
struct CheckedFunction {
  PatchedFunction function;
  bool present = false;  // its object is loaded
  std::optional<int> symbols;
  std::optional<bool> traceable;
  std::string old_prototype;  // "" if not known
  std::string new_prototype;
  std::optional<bool> same_prototype;
  std::string not_compared;  // why not; "" if they were
};
struct PreflightReport {
  Host host;
  std::string path;
  std::optional<PatchFile> file;  // nullopt: none that can be read
  std::string signature_required_by;
  Findings findings;
  std::vector<CheckedFunction> functions;
  // nullopt: nobody was looked for; if that failed, forecast_error says why.
  std::optional<Forecast> forecast;
  std::string forecast_error;
  absl::Duration look_interval;
  bool verbose = false;  // all tasks, however many
};
std::string PreflightText(const PreflightReport& report);
std::string PreflightJson(const PreflightReport& report);

// klp.action/v1: what a verb that acts has done.
struct ActionReport {
  std::string verb;
  std::string patch;
  std::string result;   // "complete", "unchanged", "started", "sent", ...
  std::string message;  // the same as one sentence
  std::optional<uint64_t> tasks;
  std::optional<uint64_t> elapsed_ms;
  std::vector<Blocker> affected;
  std::vector<std::string> warnings;
};
std::string ActionText(const ActionReport& report);
std::string ActionJson(const Host& host, const ActionReport& report);

// klp.error/v1.
std::string ErrorText(const absl::Status& status);
std::string ErrorJson(const Host& host, absl::string_view verb,
                      const absl::Status& status);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_REPORT_REPORT_H_
