// SPDX-License-Identifier: GPL-2.0
// Records as rows, and back. Values of a damaged file are made to fit: an
// unknown word for an outcome reads as Outcome::kUnknown.
#include "controller/store/rows.h"

#include <optional>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace klpx {
namespace {

template <typename T>
std::optional<T> Narrow(const std::optional<int64_t>& value) {
  if (!value) return std::nullopt;
  return static_cast<T>(*value);
}

Initiator InitiatorOf(Statement& row) {
  Initiator initiator;
  initiator.by = row.Text();
  initiator.verb = row.Text();
  initiator.uid = Narrow<uint32_t>(row.MaybeInteger());
  initiator.user = row.Text();
  initiator.login_uid = Narrow<uint32_t>(row.MaybeInteger());
  initiator.sudo_user = row.Text();
  initiator.tty = row.Text();
  initiator.pid = static_cast<uint32_t>(row.Integer());
  initiator.pid_start = static_cast<uint64_t>(row.Integer());
  return initiator;
}

}  // namespace

std::string Marks(int count) {
  return absl::StrJoin(std::vector<absl::string_view>(count, "?"), ", ");
}

void BindTransition(Statement& statement, const TransitionRecord& record) {
  const Initiator& initiator = record.initiator;
  statement.Bind(record.boot_id, record.kernel, record.engine, record.patch,
                 record.started_ns, record.patching, record.model,
                 absl::StrJoin(record.replaces, " "), initiator.by,
                 initiator.verb, initiator.uid, initiator.user,
                 initiator.login_uid, initiator.sudo_user, initiator.tty,
                 initiator.pid, initiator.pid_start,
                 absl::ToUnixMicros(record.begun), record.begun_ns,
                 OutcomeWord(record.outcome), record.ended_ns, record.tasks,
                 record.pending, record.reversals, record.signals,
                 record.forced, record.blockers);
}

void BindTask(Statement& statement, const BlockerRecord& task) {
  statement.Bind(task.key.tid, task.key.idle_cpu, task.key.start_ns, task.pid,
                 task.comm, task.cmdline, task.cgroup, task.kthread,
                 task.reason, task.function, task.since_ns, task.seen_ns,
                 task.signals, absl::StrJoin(task.stack, "\n"),
                 task.signalled_ns);
}

TransitionRecord TransitionOf(Statement& row) {
  TransitionRecord record;
  record.id = row.Integer();
  record.boot_id = row.Text();
  record.kernel = row.Text();
  record.engine = row.Text();
  record.patch = row.Text();
  record.started_ns = row.MaybeInteger();
  record.patching = row.Integer() != 0;
  record.model = row.Text();
  record.replaces = absl::StrSplit(row.Text(), ' ', absl::SkipEmpty());
  record.initiator = InitiatorOf(row);
  record.begun = absl::FromUnixMicros(row.Integer());
  record.begun_ns = row.Integer();
  record.outcome = ParseOutcome(row.Text()).value_or(Outcome::kUnknown);
  record.ended_ns = row.MaybeInteger();
  record.tasks = Narrow<uint64_t>(row.MaybeInteger());
  record.pending = static_cast<uint64_t>(row.Integer());
  record.reversals = static_cast<uint64_t>(row.Integer());
  record.signals = static_cast<uint64_t>(row.Integer());
  record.forced = static_cast<uint64_t>(row.Integer());
  record.blockers = static_cast<uint64_t>(row.Integer());
  return record;
}

BlockerRecord TaskOf(Statement& row) {
  BlockerRecord task;
  task.key.tid = static_cast<uint32_t>(row.Integer());
  task.key.idle_cpu = static_cast<int32_t>(row.Integer());
  task.key.start_ns = static_cast<uint64_t>(row.Integer());
  task.pid = static_cast<uint32_t>(row.Integer());
  task.comm = row.Text();
  task.cmdline = row.Text();
  task.cgroup = row.Text();
  task.kthread = row.Integer() != 0;
  task.reason = row.Text();
  task.function = row.Text();
  task.since_ns = static_cast<uint64_t>(row.Integer());
  task.seen_ns = static_cast<uint64_t>(row.Integer());
  task.signals = static_cast<uint32_t>(row.Integer());
  task.stack = absl::StrSplit(row.Text(), '\n', absl::SkipEmpty());
  task.signalled_ns = static_cast<uint64_t>(row.Integer());
  return task;
}

}  // namespace klpx
