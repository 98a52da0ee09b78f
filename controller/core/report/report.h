// SPDX-License-Identifier: GPL-2.0
// Every result of the controller as text for people and as JSON for programs.
// Facts in, strings out; it knows nothing about terminals or files.
#ifndef KLPX_CONTROLLER_CORE_REPORT_REPORT_H_
#define KLPX_CONTROLLER_CORE_REPORT_REPORT_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "controller/core/base/machine.h"
#include "controller/core/kernel/function_table.h"
#include "controller/core/patch/patch_file.h"
#include "controller/core/preflight/finding.h"
#include "controller/core/preflight/forecast.h"

namespace klpx {

// klp.list/v1: one row per patch, in stack order, the newest last.
std::string ListText(const std::vector<PatchState>& patches);
// One row per replaced function, each with its newest version.
// places (core/patch/function_identity.h) says which names are one function.
std::string FunctionsText(const std::vector<PatchState>& patches,
                          const FunctionTable& places = {});
// Patches and functions.
std::string ListJson(const Host& host, const std::vector<PatchState>& patches,
                     const FunctionTable& places = {});

// klp.status/v1: patches in detail, and why a transition has not ended.
struct StatusReport {
  Host host;
  std::optional<uint64_t> engine_abi;  // nullopt: klpx.ko is not loaded
  bool kernel_engine = false;          // CONFIG_LIVEPATCH
  // Does klpx.ko adopt new patches? nullopt: it is not loaded, or cannot.
  std::optional<bool> adopts = std::nullopt;
  std::vector<PatchState> patches;
  std::vector<Blocker> blockers;  // of every patch in transition
  // nullopt: the observer could not be asked, for the reason in observer_error.
  std::optional<LossCounters> losses;
  std::string observer_error;
  // What else the operator should know, such as patches not loaded at boot.
  std::vector<std::string> notes = {};
  std::optional<bool> daemon = std::nullopt;  // is one running?
  // By patch in transition: what is going to happen, and when.
  std::map<std::string, std::string> next = {};
};
// One line: all is well, what is going on, or that something needs attention.
std::string StatusVerdict(const StatusReport& report);
std::string StatusText(const StatusReport& report);
std::string StatusJson(const StatusReport& report);

// klp.blocking/v1: the tasks that hold up a transition.
struct BlockingReport {
  Host host;
  std::optional<PatchState> patch;  // nullopt: nothing is in transition
  std::vector<PatchState> others;   // in transition at the same time
  std::vector<Blocker> blockers;    // of all these patches
  std::optional<LossCounters> losses;
  bool verbose = false;
  bool all = false;  // one row per task; else threads of a process are folded
};
std::string BlockingText(const BlockingReport& report);
// one_line: a record of a stream rather than a document.
std::string BlockingJson(const BlockingReport& report, bool one_line);

// klp.check/v1: is anything in transition? Each engine can have one patch in
// it.
std::string CheckText(const std::vector<PatchState>& moving);
std::string CheckJson(const Host& host, const std::vector<PatchState>& moving);

// klp.info/v1: a patch file, a loaded patch, or both.
struct InfoReport {
  Host host;
  std::string path;
  std::optional<PatchFile> file;
  std::optional<PatchState> patch;
  // Is the loaded patch of this file? Unknown if none is loaded.
  std::optional<bool> same_build;
  // The modules that the file patches and that are loaded.
  absl::flat_hash_set<std::string> loaded_modules;
  // All patches, in stack order: they tell which of them replaces a function.
  std::vector<PatchState> installed;
  FunctionTable places;  // of the functions of these patches and of the file
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
  std::optional<PatchFile> file;  // nullopt: it cannot be read
  std::string signature_required_by;
  Findings findings;
  std::vector<CheckedFunction> functions;
  // nullopt: no forecast; if it was tried and failed, forecast_error says why.
  std::optional<Forecast> forecast;
  std::string forecast_error;
  absl::Duration look_interval;
  bool verbose = false;  // show all tasks, even very many
};
std::string PreflightText(const PreflightReport& report);
std::string PreflightJson(const PreflightReport& report);

// klp.action/v1: what an acting verb has done.
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
