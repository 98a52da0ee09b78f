// SPDX-License-Identifier: GPL-2.0
// Every verb: its options and its entry point, each in a file of its name. All
// may be repeated: if nothing is left to do, the verb succeeds.
#ifndef KLPX_CONTROLLER_VERBS_VERBS_H_
#define KLPX_CONTROLLER_VERBS_VERBS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "controller/ops/entry/context.h"
#include "controller/ops/transition/wait.h"

namespace klpx {

// Loads a patch file, or reverses the disabling of a loaded patch.
struct EnableOptions {
  std::string patch;
  std::string klpx_module;  // path of klpx.ko, "" for where it is installed
  bool dry_run = false;     // say whether it would be refused, touch nothing
  WaitOptions wait;
  // Refuse an accepted patch, rather than try it without its mark
  // (attempt_store.h).
  bool mark_required = false;
  // The content of `patch`, if the caller has read it already.
  std::optional<std::string> bytes = {};
  // The engine that a patch made for the kernel's own is to run on, "klpx" or
  // "kernel"; "": as 'adopt' says.
  std::string engine = {};
};
absl::StatusOr<int> RunEnable(Context& context, const EnableOptions& options);

// Takes a patch out of use; its module stays loaded.
struct DisableOptions {
  std::string patch;
  WaitOptions wait;
};
absl::StatusOr<int> RunDisable(Context& context, const DisableOptions& options);

// Disables a patch and removes its module; "klpx" removes the engine.
absl::StatusOr<int> RunUnload(Context& context, const DisableOptions& options);

// Reverses a transition, so that every task moves back.
absl::StatusOr<int> RunReverse(Context& context, const DisableOptions& options);

// Ends a transition without the checks that make it safe.
struct ForceOptions {
  std::string patch;
  std::optional<uint32_t> task;  // only this one
  bool understood = false;
};
absl::StatusOr<int> RunForce(const Supervisor& supervisor,
                             const ForceOptions& options);

// Wakes blocking user tasks, so that they leave the kernel.
struct SignalOptions {
  std::string patch;
  std::optional<uint32_t> task;
};
absl::StatusOr<int> RunSignal(Context& context, const SignalOptions& options);

// Waits for the transition of one patch, or of any.
absl::StatusOr<int> RunWait(Context& context, const DisableOptions& options);

// The patches, or the functions they replace, one per row.
struct ListOptions {
  bool functions = false;
};
absl::StatusOr<int> RunList(Context& context, const ListOptions& options);

// Shows one patch; all patches if `patch` is empty.
absl::StatusOr<int> RunStatus(Context& context, const std::string& patch);

// The tasks that hold up the transition.
struct BlockingOptions {
  std::string patch;
  std::optional<uint32_t> pid;
  std::optional<uint32_t> tid;
  bool watch = false;  // until the transition has ended
  bool all = false;    // one row per task
  absl::Duration delay = absl::Seconds(1);
};
absl::StatusOr<int> RunBlocking(Context& context,
                                const BlockingOptions& options);

// Describes a patch file or a loaded patch, and what it replaces.
absl::StatusOr<int> RunInfo(Context& context, const std::string& patch);

// Lists past transitions.
struct HistoryOptions {
  std::string patch;
  std::string since;
  std::string until;
  std::string outcome;
  bool forced = false;
  uint64_t limit = 0;  // only the newest N; 0: all
  std::string file;    // "": the history of this machine
};
absl::StatusOr<int> RunHistory(Context& context, const HistoryOptions& options);

// The story of one of them.
struct ExplainOptions {
  std::string which;  // an ID; a patch, for its newest; "": the newest of all
  std::string file;
};
absl::StatusOr<int> RunExplain(Context& context, const ExplainOptions& options);

// Checks what an enable of this file would find; returns 6 if it would be
// refused.
absl::StatusOr<int> RunPreflight(Context& context, const std::string& path);

// Shows or changes what is done about blocking tasks. Actions: show, check,
// apply, load, unload; `file` is a policy file or, for load, a BPF object.
struct PolicyOptions {
  std::string action;
  std::string file;
};
absl::StatusOr<int> RunPolicy(Context& context, const PolicyOptions& options);

// Shows, or turns on or off, whether klpx.ko runs patches made for the kernel's
// own livepatch. States: "on", "off", and "" to show.
struct AdoptOptions {
  std::string state;
  std::string klpx_module;  // as of EnableOptions
};
absl::StatusOr<int> RunAdopt(Context& context, const AdoptOptions& options);

// Writes everything needed to understand a stuck transition into one archive
// (.tar.gz). file == "": a name made of host and time, in the current
// directory.
struct ReportOptions {
  std::string file;
};
absl::StatusOr<int> RunReport(Context& context, const ReportOptions& options);

// Accepts an enabled patch, so that it is loaded at boot; or lists the accepted
// patches, revokes one, or imports those of kpatch.
struct AcceptOptions {
  bool list = false;
  bool revoke = false;
  bool import = false;  // `patch` is a directory then, or ""
  bool take = false;    // import them, rather than only list them
};
absl::StatusOr<int> RunAccept(Context& context, const std::string& patch,
                              const AcceptOptions& options);

// Loads the accepted patches; `timeout` applies to each. The exit code is that
// of the first patch that is not enabled afterwards.
struct RestoreOptions {
  std::string retry;    // load only this patch, even if the guard keeps it out
  bool settle = false;  // load nothing; clear the marks of settled attempts
  bool shutdown = false;  // load nothing; clear all marks of this boot
};
absl::StatusOr<int> RunRestore(Context& context, absl::Duration timeout,
                               const RestoreOptions& options);

// Writes the metrics klp_* for Prometheus to stdout, or to a file that is
// replaced atomically.
struct MetricsOptions {
  std::string textfile;  // "": stdout
  std::string snapshot;  // "": the daemon's, or the kernel itself
  std::string version;
};
absl::StatusOr<int> RunMetrics(Context& context, const MetricsOptions& options);

// Returns 0 if nothing is in transition, 1 otherwise.
absl::StatusOr<int> RunCheck(Context& context);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VERBS_VERBS_H_
