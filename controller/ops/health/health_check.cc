// SPDX-License-Identifier: GPL-2.0
// The health check of a patch that has just been enabled.
#include "controller/ops/health/health_check.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"
#include "controller/core/kernel/kernel_evidence.h"
#include "controller/core/kernel/kernel_trouble.h"
#include "controller/ops/boot/accepted_store.h"
#include "controller/ops/boot/attempt_store.h"
#include "controller/ops/history/record.h"
#include "controller/ops/patch/load.h"
#include "controller/ops/policy/policy_rules.h"
#include "controller/ops/transition/wait.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

constexpr absl::Duration kPoll = absl::Milliseconds(100);
constexpr absl::Duration kOutTimeout = absl::Seconds(60);
constexpr int kHttpGood = 200;
constexpr int kHttpGoodEnd = 300;

// The check of a patch's newest transition; nothing if that is not open.
std::optional<OpenHealthCheck> HealthCheckOf(
    const TransitionRecord& record, const std::vector<PatchState>& patches) {
  const bool in = record.outcome == Outcome::kCompleted ||
                  record.outcome == Outcome::kForced;
  if (!in || !record.patching || record.reversals % 2 != 0) return std::nullopt;
  if (!record.ended_ns) return std::nullopt;
  const bool enabled =
      std::any_of(patches.begin(), patches.end(), [&](const PatchState& patch) {
        return patch.name == record.patch && patch.enabled && !patch.transition;
      });
  if (!enabled) return std::nullopt;
  const std::optional<std::string> failing =
      OpenHealthCheckFailure(record.events);
  if (!failing) return std::nullopt;
  OpenHealthCheck check = {record.id, record.patch,
                           absl::Nanoseconds(*record.ended_ns), *failing};
  for (const HistoryEvent& event : record.events) {
    if (event.kind != kGateOpened) continue;
    check.evidence = event.text;
    check.evidence_time = absl::Nanoseconds(event.time_ns);
  }
  return check;
}

KernelEvidence EvidenceNow(Kernel& kernel) {
  KernelEvidence evidence;
  evidence.taint = TroubleTaint(kernel.ReadFile(kTaintFile).value_or(""));
  for (const absl::string_view path : kCountFiles) {
    const absl::StatusOr<std::string> text = kernel.ReadFile(std::string(path));
    uint64_t count = 0;
    if (!text.ok() || !absl::SimpleAtoi(*text, &count)) continue;
    evidence.counts[std::string(path.substr(path.rfind('/') + 1))] = count;
  }
  return evidence;
}

std::string ProbeWords(const CommandEnd& end) {
  return absl::StrCat(EndWords(end), end.output.empty() ? "" : "; output: ",
                      Printable(end.output));
}

}  // namespace

void BeginHealth(Kernel& kernel, Recorder& recorder) {
  // A mistake in the file is reported later, when the check opens.
  const absl::StatusOr<std::optional<Policy>> policy = ReadPolicy(kernel, "");
  if (!policy.ok() || !*policy) return;
  const HealthPolicy& health = (*policy)->health;
  if (health.watch <= absl::ZeroDuration() || !health.kernel_log) return;
  recorder.evidence = EvidenceText(EvidenceNow(kernel));
  recorder.evidence_time = kernel.Monotonic();
  RecordEvent(recorder, kGateOpened, recorder.evidence);
}

HealthPolicy ReadHealthPolicy(Kernel& kernel, Console& console) {
  const absl::StatusOr<std::optional<Policy>> policy = ReadPolicy(kernel, "");
  if (!policy.ok()) {
    Warn(console, absl::StrCat("no health check, because ", kPolicyFile,
                               " cannot be used; 'klp-controller policy check' "
                               "says why"));
    return HealthPolicy();
  }
  return *policy ? (*policy)->health : HealthPolicy();
}

absl::StatusOr<std::vector<OpenHealthCheck>> OpenHealthChecks(
    Kernel& kernel, Recorder& recorder) {
  std::vector<OpenHealthCheck> checks;
  if (recorder.path.empty()) return checks;
  absl::StatusOr<HistoryStore> store = OpenReconciled(recorder, recorder.path);
  if (absl::IsNotFound(store.status())) return checks;
  if (!store.ok()) return store.status();
  HistoryFilter filter;
  filter.boot_id = kernel.ReadHost().boot_id;
  const std::vector<PatchState> patches = ReadPatches(kernel);
  for (const PatchState& patch : patches) {
    filter.patch = patch.name;
    filter.limit = 1;
    filter.whole = true;
    const auto newest = store->Query(filter);
    if (!newest.ok()) return newest.status();
    if (newest->empty()) continue;
    const std::optional<OpenHealthCheck> check =
        HealthCheckOf(newest->front(), patches);
    if (check) checks.push_back(*check);
  }
  return checks;
}

// Reads the evidence now, for a patch that was not enabled by this program.
void HealthCheckRunner::ReadEvidence() {
  if (!check_.evidence.empty() || !policy_.kernel_log) return;
  check_.evidence = EvidenceText(EvidenceNow(keeper_.kernel));
  check_.evidence_time = keeper_.kernel.Monotonic();
  RecordOnce(keeper_.recorder, check_.transition, kGateOpened, check_.evidence);
}

// The kernel's counters prove that there was trouble; the log says what it was.
std::string HealthCheckRunner::KernelTrouble() const {
  const std::string log = keeper_.kernel.ReadKernelLog();
  const std::string gained =
      Gained(ParseEvidence(check_.evidence), EvidenceNow(keeper_.kernel));
  std::optional<std::string> line =
      FindTrouble(log, check_.patch, absl::ToInt64Nanoseconds(check_.completed),
                  /*proven=*/!gained.empty());
  if (!line && !gained.empty()) {
    // The trouble began while the patch was being enabled.
    line = FindTrouble(log, /*patch=*/"",
                       absl::ToInt64Nanoseconds(check_.evidence_time),
                       /*proven=*/true);
  }
  if (line) {
    return absl::StrCat("kernel log: ", *line, gained.empty() ? "" : " (",
                        gained, gained.empty() ? "" : ")");
  }
  return gained.empty() ? "" : absl::StrCat("the kernel counts: ", gained);
}

void HealthCheckRunner::StartProbes(absl::Duration now) {
  probes_started_ = now;
  if (!policy_.command.empty()) {
    absl::StatusOr<CommandProbe> command =
        CommandProbe::Start(policy_.command, check_.patch);
    if (command.ok()) command_.emplace(*std::move(command));
    if (!command.ok()) {
      complaint_ = absl::StrCat("command: ", command.status().message());
    }
  }
  if (policy_.http) {
    absl::StatusOr<HttpProbe> http = HttpProbe::Start(*policy_.http);
    if (http.ok()) http_.emplace(*std::move(http));
    if (!http.ok()) {
      complaint_ = absl::StrCat("http ", policy_.http->text, ": ",
                                http.status().message());
    }
  }
}

void HealthCheckRunner::PollCommand(absl::Duration now) {
  const std::string& name = policy_.command.front();
  const std::optional<CommandEnd> end = command_->Poll();
  if (!end && now - probes_started_ < policy_.limit) return;
  if (!end) {
    complaint_ = absl::StrCat("command ", name, ": still running after ",
                              absl::FormatDuration(policy_.limit), ", killed",
                              command_->output().empty() ? "" : "; output: ",
                              Printable(command_->output()));
  } else if (end->start_error != 0) {
    complaint_ = absl::StrCat("command: run ", name, ": ", EndWords(*end));
  } else if (end->wait_status != 0) {
    complaint_ = absl::StrCat("command ", name, ": ", ProbeWords(*end));
  }
  command_.reset();
}

void HealthCheckRunner::PollHttp(absl::Duration now) {
  const std::optional<absl::StatusOr<int>> status = http_->Poll();
  if (!status && now - probes_started_ < policy_.limit) return;
  std::string why;
  if (!status) {
    why = absl::StrCat("no answer after ", absl::FormatDuration(policy_.limit));
  } else if (!status->ok()) {
    why = std::string(status->status().message());
  } else if (**status == 0) {
    why = "the answer is not HTTP";
  } else if (**status < kHttpGood || **status >= kHttpGoodEnd) {
    why = absl::StrCat("status ", **status);
  }
  if (!why.empty()) {
    complaint_ = absl::StrCat("http ", policy_.http->text, ": ", why);
  }
  http_.reset();
}

HealthVerdict HealthCheckRunner::Step(absl::Duration now) {
  const std::optional<PatchState> patch =
      ReadPatch(keeper_.kernel, check_.patch);
  if (!patch || !patch->enabled) {
    result_ = Error(ErrorKind::kReversed, "'", check_.patch,
                    "': disabled from elsewhere while its health check was "
                    "open");
    return HealthVerdict::kFailed;
  }
  if (!check_.failing.empty()) return TakeOut();
  ReadEvidence();
  if (health_.StartRound(now)) {
    in_round_ = true;
    complaint_.clear();
    StartProbes(now);
  }
  if (command_) PollCommand(now);
  if (http_) PollHttp(now);
  if (in_round_ && !command_ && !http_) {
    in_round_ = false;
    // Read last: the probes may trigger what the kernel complains about.
    if (complaint_.empty() && policy_.kernel_log) {
      complaint_ = KernelTrouble();
    }
    health_.EndRound(complaint_, now);
  }
  return Conclude(health_.At(now));
}

HealthVerdict HealthCheckRunner::Conclude(HealthVerdict verdict) {
  switch (verdict) {
    case HealthVerdict::kWatching:
      return verdict;
    case HealthVerdict::kFailed:
      check_.failing = health_.reason();
      return TakeOut();
    case HealthVerdict::kExpired:
      RecordOnce(keeper_.recorder, check_.transition, kGateExpired,
                 "no controller was running");
      return verdict;
    case HealthVerdict::kPassed:
      RecordOnce(
          keeper_.recorder, check_.transition, kGatePassed,
          absl::StrCat("healthy for ", absl::FormatDuration(policy_.watch)));
      EndAttempt(keeper_.boot, check_.patch);
      if (policy_.accept) AcceptPassed(keeper_.boot, check_.patch);
      return verdict;
  }
  return verdict;
}

// The decision is recorded before it is carried out, so that the next
// controller carries it out if this one is killed.
HealthVerdict HealthCheckRunner::TakeOut() {
  RecordOnce(keeper_.recorder, check_.transition, kGateFailing, check_.failing);
  const std::optional<PatchState> patch =
      ReadPatch(keeper_.kernel, check_.patch);
  absl::Status started;
  if (patch) {
    started =
        CheckNoOtherTransition(keeper_.kernel, patch->engine, check_.patch);
    if (started.ok()) {
      started = StartDisable(keeper_.kernel, keeper_.recorder, *patch);
    }
  }
  // Another patch is in transition: try again after that.
  if (KindOf(started) == ErrorKind::kTransitionRunning) {
    return HealthVerdict::kWatching;
  }
  const std::string why = absl::StrCat(
      "'", check_.patch, "': health check failed: ", check_.failing);
  if (!started.ok()) {
    RecordOnce(keeper_.recorder, check_.transition, kGateFailed,
               absl::StrCat("could not disable it: ", started.message()));
    result_ = Annotate(started, absl::StrCat(why, "; it is still enabled"));
    return HealthVerdict::kFailed;
  }
  RecordOnce(keeper_.recorder, check_.transition, kGateFailed,
             "disables it again");
  EndAttempt(keeper_.boot, check_.patch);
  result_ = Error(ErrorKind::kReversed, why, "; disabled");
  return HealthVerdict::kFailed;
}

namespace {

// The open check of a patch; nothing if it has none.
absl::StatusOr<std::optional<OpenHealthCheck>> HealthCheckOfPatch(
    Kernel& kernel, Recorder& recorder, const std::string& patch) {
  const absl::StatusOr<std::vector<OpenHealthCheck>> checks =
      OpenHealthChecks(kernel, recorder);
  if (!checks.ok()) return checks.status();
  for (const OpenHealthCheck& check : *checks) {
    if (check.patch == patch) return check;
  }
  return std::nullopt;
}

// Waits until the patch that failed is disabled, so that the machine is as it
// was before.
absl::Status AwaitOut(const Supervisor& supervisor, const std::string& patch,
                      const absl::Status& why) {
  if (KindOf(why) != ErrorKind::kReversed) return why;
  if (!ReadPatch(supervisor.kernel, patch)) return why;
  WaitOptions options;
  options.timeout = kOutTimeout;
  const absl::StatusOr<Progress> out =
      WaitForTransition(supervisor, patch, /*patching=*/false, options);
  if (out.ok()) return why;
  return Annotate(out.status(), absl::StrCat(why.message(),
                                             ", but that is not complete yet"));
}

absl::StatusOr<std::string> Watch(const Supervisor& supervisor,
                                  HealthCheckRunner& runner) {
  const std::string& patch = runner.check().patch;
  bool noted = false;
  for (;;) {
    const absl::Duration now = supervisor.kernel.Monotonic();
    const HealthVerdict verdict = runner.Step(now);
    if (verdict == HealthVerdict::kPassed) {
      return absl::StrCat(
          "; healthy for ",
          absl::FormatDuration(runner.end() - runner.check().completed));
    }
    if (verdict == HealthVerdict::kExpired) return std::string();
    if (verdict == HealthVerdict::kFailed) {
      return AwaitOut(supervisor, patch, runner.result());
    }
    if (supervisor.kernel.Interrupted()) {
      return Error(ErrorKind::kStillRunning, "'", patch,
                   "': enabled, but its health check is still open "
                   "(interrupted); continue with 'klp-controller wait ",
                   patch, "'");
    }
    if (!noted) {
      Note(supervisor.console,
           absl::StrCat(
               patch, ": enabled; its health check is open for ",
               ShortDuration(absl::ToInt64Milliseconds(runner.end() - now))));
    }
    noted = true;
    supervisor.kernel.Sleep(kPoll);
  }
}

}  // namespace

absl::StatusOr<std::string> AwaitHealth(const Supervisor& supervisor,
                                        const BootFiles& boot,
                                        const std::string& patch,
                                        bool completed_now) {
  if (!supervisor.kernel.IsRoot()) return std::string();
  const HealthPolicy policy =
      ReadHealthPolicy(supervisor.kernel, supervisor.console);
  if (policy.watch <= absl::ZeroDuration()) return std::string();
  Recorder& recorder = supervisor.recorder;
  const HealthCheckKeeper keeper = {supervisor.kernel, recorder, boot};
  const auto check = HealthCheckOfPatch(supervisor.kernel, recorder, patch);
  if (check.ok() && !recorder.broken && !recorder.path.empty()) {
    if (!*check) return std::string();
    HealthCheckRunner runner(keeper, **check, policy);
    return Watch(supervisor, runner);
  }
  if (!completed_now) return std::string();
  // Without a history the check is held anyway, beginning now.
  const OpenHealthCheck now = {0,
                               patch,
                               supervisor.kernel.Monotonic(),
                               "",
                               recorder.evidence,
                               recorder.evidence_time};
  HealthCheckRunner runner(keeper, now, policy);
  return Watch(supervisor, runner);
}

void SkipHealth(const Supervisor& supervisor, const std::string& patch,
                absl::string_view why) {
  const HealthPolicy policy =
      ReadHealthPolicy(supervisor.kernel, supervisor.console);
  if (policy.watch <= absl::ZeroDuration()) return;
  const auto check =
      HealthCheckOfPatch(supervisor.kernel, supervisor.recorder, patch);
  if (!check.ok() || !*check) return;
  RecordOnce(supervisor.recorder, (*check)->transition, kGateSkipped, why);
}

}  // namespace klpx
