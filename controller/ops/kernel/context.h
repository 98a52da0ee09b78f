// SPDX-License-Identifier: GPL-2.0
// What every verb is given: the kernel, the observer, where to print and how.
// Verbs return an exit code, or an error for which the table has an exit code.
#ifndef KLPX_CONTROLLER_OPS_KERNEL_CONTEXT_H_
#define KLPX_CONTROLLER_OPS_KERNEL_CONTEXT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/core/history/history.h"
#include "controller/core/report/report.h"
#include "controller/store/store.h"
#include "controller/sys/bpf/blocker_source.h"
#include "controller/sys/bpf/policy_access.h"
#include "controller/sys/io/file_lock.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

struct OutputStyle {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  // The width of the terminal at stderr, asked for whenever a line is drawn.
  std::function<std::optional<size_t>()> err_columns = {};
  // Takes warnings and notes, as lines, instead of stderr; not owned.
  std::string* asides = nullptr;
};

// What record.h keeps of the history while a verb runs.
struct Recorder {
  std::string path;  // "": nothing is recorded
  std::string verb = {};
  std::string by = "cli";    // as in Initiator
  Initiator initiator = {};  // read when it is first needed
  std::optional<HistoryStore> store = {};
  bool broken = false;     // it has failed, and a warning was printed
  int64_t announced = 0;   // by this process, and not known to have started
  int64_t id = 0;          // the transition that this process deals with
  std::string patch = {};  // watched since its transition began
  std::map<klpx_task_key, BlockerRecord> seen = {};  // the blockers
  uint64_t pending = 0;
  WatchSpan watched = {};
  bool unsaved = false;
  int64_t flushed_ns = 0;
  int64_t force_ns = 0;
  // The kernel's counters before the patch was enabled (health_gate.h).
  std::string evidence = {};
  absl::Duration evidence_time = {};
};

struct Context {
  Kernel& kernel;
  ObserverAccess& observer;
  std::ostream& out;  // results
  std::ostream& err;  // progress, warnings
  OutputStyle style;
  std::string program_dir;  // where klp-controller itself is
  PolicyAccess* policy = nullptr;
  Recorder recorder = {};
  // The lock of ownership.h; "": every process may act.
  std::string owner_file = {};
  std::shared_ptr<std::optional<FileLock>> owned =
      std::make_shared<std::optional<FileLock>>();
  // For files that persist, and for those kept until the next boot; "": keep
  // none.
  std::string state_dir = {};
  std::string run_dir = {};
};

// The context for a verb that is run by another verb. It has the same machine,
// recorded verb and ownership as the outer one, but its own output, style and
// transition.
Context Within(Context& outer, std::ostream& out, std::ostream& err);

// Fails with kNotPermitted unless root.
absl::Status RequireRoot(Context& context, absl::string_view operation);

// Prints the result of a verb that acts, on stdout.
void Print(Context& context, const ActionReport& report);

// Wraps a text for stderr if that is a terminal. Otherwise returns it
// unchanged, because logs are searched line by line.
std::string ForTerminal(const Context& context, absl::string_view text);

// Prints a warning on stderr, unless quiet or JSON.
void Warn(Context& context, absl::string_view message);
// The same for a note: nothing is wrong.
void Note(Context& context, absl::string_view message);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_KERNEL_CONTEXT_H_
