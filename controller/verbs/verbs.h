// SPDX-License-Identifier: GPL-2.0
// Every verb: its options and its entry. Each one lives in a file of its name.
// All may be repeated: what is already as wanted is a success.
#ifndef KLPX_CONTROLLER_VERBS_VERBS_H_
#define KLPX_CONTROLLER_VERBS_VERBS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "controller/ops/kernel/context.h"
#include "controller/ops/transition/wait.h"

namespace klpx {

// Loads a patch file, or turns round the disabling of a loaded patch.
struct EnableOptions {
  std::string patch;
  std::string klpx_module;  // path of klpx.ko, "" for where it is installed
  bool dry_run = false;     // say whether it would be refused, touch nothing
  WaitOptions wait;
  // Rather refuse an accepted patch than try it without its mark (guard.h).
  bool guard_required = false;
  // What `patch` held when it was looked at; nothing: it is read.
  std::optional<std::string> bytes = {};
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

// Sends a transition back to where it came from.
absl::StatusOr<int> RunReverse(Context& context, const DisableOptions& options);

// Ends a transition without the checks that make it safe.
struct ForceOptions {
  std::string patch;
  std::optional<uint32_t> task;  // only this one
  bool understood = false;
};
absl::StatusOr<int> RunForce(Context& context, const ForceOptions& options);

// Wakes blocking user tasks, so that they leave the kernel.
struct SignalOptions {
  std::string patch;
  std::optional<uint32_t> task;
};
absl::StatusOr<int> RunSignal(Context& context, const SignalOptions& options);

// Waits for a transition, of one patch or of any.
absl::StatusOr<int> RunWait(Context& context, const DisableOptions& options);

// The patches, or the functions they replace, one a row.
struct ListOptions {
  bool functions = false;
};
absl::StatusOr<int> RunList(Context& context, const ListOptions& options);

// Without a patch: all of them.
absl::StatusOr<int> RunStatus(Context& context, const std::string& patch);

// The tasks that hold up the transition.
struct BlockingOptions {
  std::string patch;
  std::optional<uint32_t> pid;
  std::optional<uint32_t> tid;
  bool watch = false;  // until the transition has ended
  bool all = false;    // one row a task
  absl::Duration delay = absl::Seconds(1);
};
absl::StatusOr<int> RunBlocking(Context& context,
                                const BlockingOptions& options);

// What a patch file, or a loaded patch, is and replaces.
absl::StatusOr<int> RunInfo(Context& context, const std::string& patch);

// The transitions of the past.
struct HistoryOptions {
  std::string patch;
  std::string since;
  std::string until;
  std::string outcome;
  bool forced = false;
  uint64_t limit = 0;  // the newest; 0: all
  std::string file;    // "" for that of this machine
};
absl::StatusOr<int> RunHistory(Context& context, const HistoryOptions& options);

// The story of one of them.
struct ExplainOptions {
  std::string which;  // an ID; a patch, for its newest; "": the newest of all
  std::string file;
};
absl::StatusOr<int> RunExplain(Context& context, const ExplainOptions& options);

// What an enable of this file would find; 6 if it would be refused.
absl::StatusOr<int> RunPreflight(Context& context, const std::string& path);

// What is done about tasks that block. Actions: show, check, apply, load,
// unload; `file` is a policy file, or, for load, a BPF object.
struct PolicyOptions {
  std::string action;
  std::string file;
};
absl::StatusOr<int> RunPolicy(Context& context, const PolicyOptions& options);

// Writes all that is needed to understand a stuck transition into one archive
// (.tar.gz); "" for a name made of host and time, in the current directory.
struct ReportOptions {
  std::string file;
};
absl::StatusOr<int> RunReport(Context& context, const ReportOptions& options);

// Marks an enabled patch good, so that it is loaded at boot; or lists those
// that are, takes one back, or takes over those of kpatch.
struct AcceptOptions {
  bool list = false;
  bool revoke = false;
  bool import = false;  // `patch` is a directory then, or ""
  bool take = false;    // do import
};
absl::StatusOr<int> RunAccept(Context& context, const std::string& patch,
                              const AcceptOptions& options);

// Loads what is accepted; `timeout` is for each patch. The exit code is that of
// the first patch that is not in afterwards.
struct RestoreOptions {
  std::string retry;      // only this one, whatever the guard says
  bool settle = false;    // load nothing; marks of the guard that may go, go
  bool shutdown = false;  // load nothing; all marks of this boot go
};
absl::StatusOr<int> RunRestore(Context& context, absl::Duration timeout,
                               const RestoreOptions& options);

// klp_*, for Prometheus: on stdout, or in a file that is replaced whole.
struct MetricsOptions {
  std::string textfile;  // "": stdout
  std::string snapshot;  // "": the daemon's, or the kernel itself
  std::string version;
};
absl::StatusOr<int> RunMetrics(Context& context, const MetricsOptions& options);

// 0 if nothing is in transition, 1 otherwise.
absl::StatusOr<int> RunCheck(Context& context);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VERBS_VERBS_H_
