// SPDX-License-Identifier: GPL-2.0
// What will happen next to a running transition.
#include "controller/core/policy/next_act.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "controller/core/base/text.h"
#include "controller/core/policy/deadline.h"

namespace klpx {
namespace {

using Then = PolicyDeadline::Then;

constexpr std::pair<Then, absl::string_view> kWords[] = {
    {Then::kWait, "wait"},
    {Then::kReverse, "reverse"},
    {Then::kForce, "force"}};

// "in 41 s", "now": in whole seconds, because no actor is more precise.
std::string In(absl::Duration left) {
  if (left < absl::Seconds(1)) return "now";
  return absl::StrCat("in ", absl::ToInt64Seconds(left), " s");
}

std::string OwnerAct(const Actors& actors, absl::Duration now) {
  const std::string who = Printable(actors.owner);
  if (!actors.plan) {
    return absl::StrCat(who, " waits for it, without a time limit");
  }
  const std::string when = In(actors.plan->at - now);
  switch (actors.plan->then) {
    case Then::kReverse:
      return absl::StrCat(who, " reverses it ", when);
    case Then::kForce:
      return absl::StrCat(who, " forces it ", when);
    case Then::kWait:
      return absl::StrCat(who, " waits for it, and gives up ", when);
  }
  return who;
}

// What the daemon will do by the deadline of the policy file.
std::string DeadlineWords(const PatchState& moving,
                          const std::optional<RecentTransition>& running,
                          const PolicyDeadline& deadline, absl::Duration now) {
  if (running && running->reversals > 0) {
    return "it was reversed already, so the policy's deadline does not apply";
  }
  std::string when =
      absl::StrCat("after ", absl::FormatDuration(*deadline.after));
  if (running) {
    when = In(absl::Nanoseconds(running->started_ns) + *deadline.after - now);
  } else if (moving.elapsed_ms) {
    when = In(*deadline.after - absl::Milliseconds(*moving.elapsed_ms));
  }
  if (deadline.then == Then::kReverse) {
    return absl::StrCat("policy reverses it ", when);
  }
  if (!MayForce(deadline, moving.name)) {
    return "the policy's deadline will not force it: 'force' does not name it";
  }
  return absl::StrCat("policy forces it ", when,
                      ", if --allow-force was given for it");
}

}  // namespace

std::string PlanText(const WaitPlan& plan) {
  for (const auto& [then, word] : kWords) {
    if (then == plan.then) {
      return absl::StrCat(word, " ", absl::ToInt64Milliseconds(plan.at));
    }
  }
  return "";
}

std::optional<WaitPlan> ParsePlan(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ' ');
  int64_t at_ms = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[1], &at_ms)) {
    return std::nullopt;
  }
  for (const auto& [then, word] : kWords) {
    if (word == parts[0]) return WaitPlan{then, absl::Milliseconds(at_ms)};
  }
  return std::nullopt;
}

std::string NextAct(const PatchState& moving,
                    const std::optional<RecentTransition>& running,
                    const Actors& actors, absl::Duration now) {
  if (!actors.owner.empty()) return OwnerAct(actors, now);
  const bool acts = actors.deadline && actors.deadline->after &&
                    actors.deadline->then != Then::kWait;
  if (!acts) return "no time limit: it continues until all tasks have switched";
  if (actors.daemon) {
    return DeadlineWords(moving, running, *actors.deadline, now);
  }
  return absl::StrCat(
      "the policy's deadline (", absl::FormatDuration(*actors.deadline->after),
      ") has no effect now, because no daemon is running and no process waits");
}

}  // namespace klpx
