// SPDX-License-Identifier: GPL-2.0
// Reports as JSON, for programs of ours that go by a document without its text;
// and parts of JSON that several reports share.
#ifndef KLPX_CONTROLLER_CORE_REPORT_REPORT_JSON_H_
#define KLPX_CONTROLLER_CORE_REPORT_REPORT_JSON_H_

#include <optional>
#include <vector>

#include "controller/core/base/json.h"
#include "controller/core/base/machine.h"
#include "controller/core/history/history.h"
#include "controller/core/report/report.h"

namespace klpx {

// What StatusJson(), BlockingJson() and HistoryJson() write down.
Json StatusDocument(const StatusReport& report);
Json BlockingDocument(const BlockingReport& report);
Json HistoryDocument(const Host& host,
                     const std::vector<TransitionRecord>& newest_first);

Json StatesJson(const std::vector<SystemState>& states);
// The patches in transition, in brief: at most one of each engine.
Json TransitionsJson(const std::vector<PatchState>& patches);

Json PatchJson(const PatchState& patch);
Json BlockerJson(const Blocker& blocker, int64_t monotonic_ns);
Json BlockersJson(const std::vector<Blocker>& blockers, int64_t monotonic_ns);
Json LossesJson(const std::optional<LossCounters>& losses);

// How long a task has blocked, in ms; nothing if it was never seen blocking.
std::optional<uint64_t> AgeMs(const klpx_task_info& info, int64_t monotonic_ns);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_REPORT_REPORT_JSON_H_
