// SPDX-License-Identifier: GPL-2.0
// What is served at one moment: the last snapshot that could be read, the
// history, and how far both can be believed. Made by the watcher's thread, then
// never changed, so that the server's thread may read it without a lock.
#ifndef KLPX_CONTROLLER_WEB_VIEW_H_
#define KLPX_CONTROLLER_WEB_VIEW_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "controller/core/base/json.h"
#include "controller/core/publish/metrics.h"
#include "controller/core/publish/snapshot.h"
#include "controller/core/transition/blocker_table.h"
#include "controller/web/history_texts.h"

namespace klpx {

using SharedText = std::shared_ptr<const std::string>;

enum class Freshness {
  kMissing,    // no snapshot was ever read
  kFresh,      // of now
  kStale,      // the daemon has not written for kStaleAfter
  kBroken,     // the file is there, what is in it is not usable
  kOtherBoot,  // of another boot, or of another machine
};

absl::string_view FreshnessWord(Freshness freshness);

// The documents, ready to be sent. Empty: could not be had.
struct Documents {
  Snapshot snapshot;
  SharedText whole;  // the file as it was
  SharedText status;
  SharedText list;
  SharedText blocking;
  BlockerTable blockers{Json(nullptr)};
};

std::shared_ptr<const Documents> MakeDocuments(Snapshot snapshot,
                                               std::string whole);

// A point of the chart.
struct ProgressPoint {
  int64_t time_ms = 0;  // since the epoch
  uint64_t pending = 0;
  Json reasons;  // as in the summary
};

// The points of the transition that ran last. Thinned out, so that the first
// ones stay however long it takes.
class ProgressSeries {
 public:
  void Add(const Documents& documents);
  Json ToJson() const;

 private:
  std::string transition_;  // patch and direction
  int64_t began_ms_ = 0;
  uint64_t tasks_ = 0;
  int64_t apart_ms_ = 0;
  std::vector<ProgressPoint> points_;
};

struct View {
  uint64_t sequence = 0;
  Freshness freshness = Freshness::kMissing;
  std::string error;                            // why it is not fresh
  std::shared_ptr<const Documents> documents;   // null: kMissing, or kBroken
  std::shared_ptr<const HistoryTexts> history;  // null: could not be had
  std::string history_error;
  bool history_from_database = false;
  std::shared_ptr<const TransitionTotals> totals;
  SharedText state;   // klp.event/v1, what the page shows
  SharedText series;  // of ProgressSeries
};

// klp.event/v1 of a view that has all but this.
std::string StateEvent(const View& view, const Host& now);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_VIEW_H_
