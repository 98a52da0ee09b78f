// SPDX-License-Identifier: GPL-2.0
// The state that is served at one moment: the last snapshot that could be read,
// the history, and how current both are. Made by the watcher's thread, then
// never changed, so that the server's thread may read it without a lock.
#ifndef KLPX_CONTROLLER_WEB_SERVED_STATE_H_
#define KLPX_CONTROLLER_WEB_SERVED_STATE_H_

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
  kFresh,      // current
  kStale,      // the daemon has not written for kStaleAfter
  kBroken,     // the file exists, but its contents are not usable
  kOtherBoot,  // from another boot or another machine
};

absl::string_view FreshnessWord(Freshness freshness);

// The documents, ready to be sent. Null if not available.
struct Documents {
  Snapshot snapshot;
  SharedText whole;  // the unchanged file
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

// The points of the last transition. They are thinned out, so that the first
// ones are kept however long the transition takes.
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

struct ServedState {
  uint64_t sequence = 0;
  Freshness freshness = Freshness::kMissing;
  std::string error;                            // why it is not fresh
  std::shared_ptr<const Documents> documents;   // null: kMissing, or kBroken
  std::shared_ptr<const HistoryTexts> history;  // null: not available
  std::string history_error;
  bool history_from_database = false;
  std::shared_ptr<const TransitionTotals> totals;
  SharedText state;   // klp.event/v1, which the page shows
  SharedText series;  // of ProgressSeries
};

// The klp.event/v1 document of a state that is otherwise complete.
std::string StateEvent(const ServedState& served, const Host& now);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_SERVED_STATE_H_
