// SPDX-License-Identifier: GPL-2.0
// The state that is served at one moment.
#include "controller/web/served_state.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/json_read.h"

namespace klpx {
namespace {

constexpr size_t kMostPoints = 1200;
// Two snapshots of the same transition may differ by this much about its start.
constexpr int64_t kSameBeginMs = 3000;

SharedText TextOf(const Json& document) {
  if (document.is_null()) return nullptr;
  return std::make_shared<const std::string>(Dump(document));
}

// From 0 to the year 10000 (core/publish/snapshot.cc).
int64_t UnixMs(const Host& host) {
  return std::max(absl::ToUnixMillis(host.time), int64_t{0});
}

Json BlockingSummary(const Documents& documents) {
  const Json& blocking = documents.snapshot.blocking;
  if (blocking.is_null()) return nullptr;
  Json json;
  for (const char* name :
       {"patch", "state", "tasks", "pending", "elapsed_ms"}) {
    json[name] = FieldOf(blocking, name);
  }
  // All running transitions; the members above are about the first of them.
  json["transitions"] = ListOf(blocking, "transitions");
  json["advice"] = ListOf(blocking, "advice");
  for (const auto& [name, value] : documents.blockers.summary().items()) {
    json[name] = value;
  }
  return json;
}

// The start of the transition by the document's numbers, which may be anything:
// never before the epoch, and never later than `now_ms`.
int64_t BeganMs(int64_t now_ms, uint64_t elapsed_ms) {
  return now_ms - static_cast<int64_t>(
                      std::min(elapsed_ms, static_cast<uint64_t>(now_ms)));
}

}  // namespace

absl::string_view FreshnessWord(Freshness freshness) {
  switch (freshness) {
    case Freshness::kMissing:
      return "missing";
    case Freshness::kFresh:
      return "fresh";
    case Freshness::kStale:
      return "stale";
    case Freshness::kBroken:
      return "broken";
    case Freshness::kOtherBoot:
      return "other-boot";
  }
  return "unknown";
}

std::shared_ptr<const Documents> MakeDocuments(Snapshot snapshot,
                                               std::string whole) {
  auto documents = std::make_shared<Documents>();
  documents->whole = std::make_shared<const std::string>(std::move(whole));
  documents->status = TextOf(snapshot.status);
  documents->list = TextOf(snapshot.list);
  documents->blocking = TextOf(snapshot.blocking);
  documents->blockers = BlockerTable(snapshot.blocking);
  documents->snapshot = std::move(snapshot);
  return documents;
}

void ProgressSeries::Add(const Documents& documents) {
  const Snapshot& snapshot = documents.snapshot;
  const std::string patch = StringOf(snapshot.blocking, "patch");
  const int64_t now_ms = UnixMs(snapshot.host);
  if (patch.empty()) {
    // The transition has ended: add a last point that says so.
    if (!points_.empty() && points_.back().pending > 0) {
      points_.push_back({now_ms, 0, Json::array()});
    }
    return;
  }
  const std::string transition =
      absl::StrCat(patch, " ", StringOf(snapshot.blocking, "state"));
  // Not every engine reports the elapsed time.
  const auto elapsed_ms = CountOf(snapshot.blocking, "elapsed_ms");
  const int64_t began_ms = BeganMs(now_ms, elapsed_ms.value_or(0));
  if (transition != transition_ ||
      (elapsed_ms && std::abs(began_ms - began_ms_) > kSameBeginMs)) {
    *this = ProgressSeries();
    transition_ = transition;
    began_ms_ = began_ms;
  }
  tasks_ = CountOf(snapshot.blocking, "tasks").value_or(tasks_);
  if (!points_.empty() && now_ms - points_.back().time_ms < apart_ms_) return;
  points_.push_back({now_ms, CountOf(snapshot.blocking, "pending").value_or(0),
                     documents.blockers.summary()["reasons"]});
  if (points_.size() < kMostPoints) return;
  std::vector<ProgressPoint> half;
  for (size_t i = 0; i < points_.size(); i += 2) {
    half.push_back(std::move(points_[i]));
  }
  points_ = std::move(half);
  apart_ms_ = 2 * (points_[1].time_ms - points_[0].time_ms);
}

Json ProgressSeries::ToJson() const {
  Json json;
  json["transition"] = transition_;
  json["began_ms"] = began_ms_;
  json["tasks"] = tasks_;
  json["points"] = Json::array();
  for (const ProgressPoint& point : points_) {
    json["points"].push_back({{"time_ms", point.time_ms},
                              {"pending", point.pending},
                              {"reasons", point.reasons}});
  }
  return json;
}

std::string StateEvent(const ServedState& served, const Host& now) {
  const Documents* documents = served.documents.get();
  Json json =
      Envelope("klp.event/v1", documents ? documents->snapshot.host : now);
  Json& snapshot = json["snapshot"];
  snapshot["state"] = std::string(FreshnessWord(served.freshness));
  snapshot["age_ms"] = documents ? Json(absl::ToInt64Milliseconds(
                                       SnapshotAge(documents->snapshot, now)))
                                 : Json(nullptr);
  snapshot["error"] = TextOrNull(served.error);
  json["history"] = {
      {"tag", served.history ? served.history->tag() : ""},
      {"source", served.history_from_database ? "database" : "snapshot"},
      {"error", TextOrNull(served.history_error)}};
  json["daemon"] = documents ? documents->snapshot.daemon : Json(nullptr);
  json["errors"] = documents ? documents->snapshot.errors : Json::object();
  json["status"] = documents ? documents->snapshot.status : Json(nullptr);
  json["blocking"] = documents ? BlockingSummary(*documents) : Json(nullptr);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace klpx
