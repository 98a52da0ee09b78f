// SPDX-License-Identifier: GPL-2.0
// The health gate of a patch that has just gone in: looks at the kernel log and
// runs the probes of the policy file, and takes the patch out again if they say
// so. One step at a time, none of which waits, so that a daemon can have it
// among its duties. What gates are open is in the history: who is killed in one
// is followed by the next.
#ifndef KLPX_CONTROLLER_OPS_HEALTH_HEALTH_GATE_H_
#define KLPX_CONTROLLER_OPS_HEALTH_HEALTH_GATE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "controller/core/policy/health.h"
#include "controller/ops/kernel/context.h"
#include "controller/sys/io/command_probe.h"
#include "controller/sys/io/http_probe.h"

namespace klpx {

// A patch on which no verdict has fallen.
struct OpenGate {
  int64_t transition = 0;  // its id in the history; 0: it is in none
  std::string patch;
  absl::Duration completed;  // CLOCK_MONOTONIC
  std::string failing;       // why it goes out: decided, and not begun
  // What the kernel had counted before (kernel_evidence.h), and when that was
  // read; "": not known.
  std::string evidence = {};
  absl::Duration evidence_time = {};
};

// Where the policy has a gate that looks at the kernel: reads what it has
// counted until now, just before a patch goes in.
void BeginHealth(Context& context);

// [health] of the policy file. A mistake in the file is a warning, and no gate.
HealthPolicy ReadHealthPolicy(Context& context);

// Those of this boot, by the history; none where the policy has no gate.
absl::StatusOr<std::vector<OpenGate>> OpenGates(Context& context);

// A line for each of them, for status: how long it is watched yet, or why it
// goes out. Nothing for who is not root.
std::vector<std::string> GateNotes(Context& context);

// For one gate, from its beginning or from where somebody else was killed.
class GateRunner {
 public:
  GateRunner(const OpenGate& gate, const HealthPolicy& policy)
      : gate_(gate), policy_(policy), health_(policy, gate.completed) {}

  // Does what is due now, CLOCK_MONOTONIC. kWatching: call it again, about
  // every 100 ms while a probe runs. A verdict is written down and carried out:
  // with kFailed, the patch has begun to go out, or result() says why not.
  HealthVerdict Step(Context& context, absl::Duration now);

  // OK while the verdict is open or good.
  const absl::Status& result() const { return result_; }
  const OpenGate& gate() const { return gate_; }
  absl::Duration end() const { return health_.end(); }

 private:
  void ReadEvidence(Context& context);
  std::string KernelTrouble(Context& context) const;
  void StartProbes(absl::Duration now);
  void PollCommand(absl::Duration now);
  void PollHttp(absl::Duration now);
  HealthVerdict Conclude(Context& context, HealthVerdict verdict);
  HealthVerdict TakeOut(Context& context);

  OpenGate gate_;
  HealthPolicy policy_;
  HealthGate health_;
  std::optional<CommandProbe> command_;
  std::optional<HttpProbe> http_;
  absl::Duration probes_started_;
  bool looking_ = false;
  std::string complaint_;  // of this look
  absl::Status result_;
};

// What enable and wait do when a transition into the patch has completed:
// watches it to the end. OK with what to say about it ("" if there is no gate);
// kReversed with the reason. Without a history a gate is held only where this
// process has seen the completion (`completed_now`): a patch of long ago must
// not be put on trial again. Nothing for who is not root.
absl::StatusOr<std::string> AwaitHealth(Context& context,
                                        const std::string& patch,
                                        bool completed_now);

// The gate will not be held, for the reason given.
void SkipHealth(Context& context, const std::string& patch,
                absl::string_view why);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_OPS_HEALTH_HEALTH_GATE_H_
