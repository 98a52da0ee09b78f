// SPDX-License-Identifier: GPL-2.0
// klp.history/v1: past transitions.
#include "controller/core/report/report_history.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/json.h"
#include "controller/core/base/text.h"
#include "controller/core/base/timestamp.h"
#include "controller/core/history/history_livepatch.h"
#include "controller/core/history/history_story.h"

namespace klpx {
namespace {

Json InitiatorJson(const Initiator& initiator) {
  Json json;
  json["by"] = initiator.by;
  json["verb"] = TextOrNull(initiator.verb);
  json["uid"] = OrNull(initiator.uid);
  json["user"] = TextOrNull(initiator.user);
  json["login_uid"] = OrNull(initiator.login_uid);
  json["sudo_user"] = TextOrNull(initiator.sudo_user);
  json["tty"] = TextOrNull(initiator.tty);
  return json;
}

// Null rather than 0 where the engine does not count signals.
Json SignalsJson(const TransitionRecord& record, uint64_t signals) {
  return IsLivepatch(record) ? Json(nullptr) : Json(signals);
}

Json TaskJson(const TransitionRecord& record, const BlockerRecord& task) {
  Json json;
  json["tid"] = task.key.tid;
  json["idle_cpu"] =
      task.key.idle_cpu < 0 ? Json(nullptr) : Json(task.key.idle_cpu);
  json["start_ns"] = task.key.start_ns;
  json["pid"] = task.pid;
  json["comm"] = task.comm;
  json["cmdline"] = TextOrNull(task.cmdline);
  json["cgroup"] = TextOrNull(task.cgroup);
  json["kthread"] = task.kthread;
  json["reason"] = task.reason;
  json["function"] = TextOrNull(task.function);
  json["blocked_ms"] =
      task.since_ns == 0 ? Json(nullptr) : Json(BlockedMs(task));
  json["signals"] = SignalsJson(record, task.signals);
  json["signalled_ns"] =
      task.signalled_ns == 0 ? Json(nullptr) : Json(task.signalled_ns);
  json["seen_ns"] = task.seen_ns;
  json["stack"] = task.stack;
  return json;
}

Json TimestampJson(const TransitionRecord& record,
                   const std::optional<int64_t>& monotonic_ns) {
  if (!monotonic_ns) return nullptr;
  return TimestampRfc3339(WallTime(record, *monotonic_ns));
}

void AddParts(const TransitionRecord& record, Json& json) {
  json["blocked"] = Json::array();
  for (const BlockerRecord& task : record.blocked) {
    json["blocked"].push_back(TaskJson(record, task));
  }
  json["watched"] = Json::array();
  for (const WatchSpan& span : record.watched) {
    json["watched"].push_back(
        {{"from_ns", span.from_ns}, {"until_ns", span.until_ns}});
  }
  json["events"] = Json::array();
  for (const HistoryEvent& event : record.events) {
    json["events"].push_back({{"time", TimestampJson(record, event.time_ns)},
                              {"time_ns", event.time_ns},
                              {"kind", event.kind},
                              {"text", event.text},
                              {"who", event.who}});
  }
  json["forces"] = Json::array();
  for (const ForceRecord& force : record.forces) {
    Json task = TaskJson(record, force.task);
    task["done"] = force.done;
    task["direction"] =
        force.into ? Json(DirectionWord(*force.into)) : Json(nullptr);
    task["time"] = TimestampJson(record, force.time_ns);
    json["forces"].push_back(std::move(task));
  }
  json["findings"] = Json::array();
  for (const FindingRecord& finding : record.findings) {
    json["findings"].push_back({{"code", finding.code},
                                {"severity", finding.severity},
                                {"subject", finding.subject},
                                {"text", finding.text}});
  }
}

Json TransitionJson(const TransitionRecord& record) {
  Json json;
  json["id"] = record.id;
  json["boot_id"] = record.boot_id;
  json["kernel"] = record.kernel;
  json["engine"] = record.engine;
  json["patch"] = record.patch;
  json["direction"] = DirectionWord(record.patching);
  json["outcome"] = std::string(OutcomeWord(record.outcome));
  json["model"] = TextOrNull(record.model);
  json["replaces"] = record.replaces;
  json["initiator"] = InitiatorJson(record.initiator);
  json["begun"] = TimestampRfc3339(record.begun);
  json["started_ns"] = OrNull(record.started_ns);
  json["started"] = TimestampJson(record, record.started_ns);
  json["ended"] = TimestampJson(record, record.ended_ns);
  json["took_ms"] = OrNull(TookMs(record));
  json["tasks"] = OrNull(record.tasks);
  json["pending"] = record.pending;
  json["reversals"] = record.reversals;
  json["signals"] = SignalsJson(record, record.signals);
  json["forced"] = record.forced;
  json["blockers"] = record.blockers;
  AddParts(record, json);
  return json;
}

}  // namespace

std::string HistoryText(const std::vector<TransitionRecord>& newest_first,
                        bool verbose) {
  if (verbose) {
    std::string stories;
    for (auto at = newest_first.rbegin(); at != newest_first.rend(); ++at) {
      absl::StrAppend(&stories, stories.empty() ? "" : "\n\n", Story(*at));
    }
    return stories;
  }
  // No column for forced tasks unless there are some, which is rare.
  bool forced = false;
  for (const TransitionRecord& record : newest_first) {
    forced = forced || record.forced > 0;
  }
  std::vector<std::string> header = {"ID",        "BEGUN (UTC)", "PATCH",
                                     "DIRECTION", "OUTCOME",     "TOOK",
                                     "TASKS",     "BLOCKERS"};
  if (forced) header.push_back("FORCED");
  header.push_back("BY");
  Table table(header);
  for (auto at = newest_first.rbegin(); at != newest_first.rend(); ++at) {
    const auto took = TookMs(*at);
    std::vector<std::string> row = {absl::StrCat(at->id),
                                    TimestampCell(at->begun),
                                    at->patch,
                                    std::string(DirectionWord(at->patching)),
                                    std::string(OutcomeWord(at->outcome)),
                                    took ? ShortDuration(*took) : "",
                                    at->tasks ? absl::StrCat(*at->tasks) : "",
                                    absl::StrCat(at->blockers)};
    if (forced) row.push_back(absl::StrCat(at->forced));
    // "outside" is not a user: the request did not come from klp-controller.
    row.push_back(at->initiator.by == "outside" ? "unknown"
                                                : at->initiator.user);
    table.Add(std::move(row));
  }
  return table.ToString();
}

Json HistoryDocument(const Host& host,
                     const std::vector<TransitionRecord>& newest_first) {
  Json json = Envelope("klp.history/v1", host);
  json["transitions"] = Json::array();
  for (const TransitionRecord& record : newest_first) {
    json["transitions"].push_back(TransitionJson(record));
  }
  return json;
}

std::string HistoryJson(const Host& host,
                        const std::vector<TransitionRecord>& newest_first) {
  return Dump(HistoryDocument(host, newest_first));
}

}  // namespace klpx
