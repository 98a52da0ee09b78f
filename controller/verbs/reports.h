// SPDX-License-Identifier: GPL-2.0
// What the verbs show, before it is text: a verb reads its report and prints
// it, metrics and report put the same reports into documents. Each function is
// in the file of its verb.
#ifndef KLPX_CONTROLLER_VERBS_REPORTS_H_
#define KLPX_CONTROLLER_VERBS_REPORTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "controller/core/history/history.h"
#include "controller/core/kernel/function_table.h"
#include "controller/core/report/report.h"
#include "controller/core/report/report_adopt.h"
#include "controller/core/report/report_policy.h"
#include "controller/ops/entry/context.h"
#include "controller/verbs/verbs.h"

namespace klpx {

absl::StatusOr<StatusReport> ReadStatus(Context& context,
                                        const std::string& patch);

// One look. Nothing in transition: a report without a patch.
absl::StatusOr<BlockingReport> ReadBlocking(Context& context,
                                            const BlockingOptions& options);

struct ListReport {
  Host host;
  std::vector<PatchState> patches;
  FunctionTable places;
};
ListReport ReadList(Context& context);

struct HistoryReport {
  Host host;
  std::vector<TransitionRecord> records;  // the newest first
  bool filtered = false;                  // else these are all
};
absl::StatusOr<HistoryReport> ReadHistory(Context& context,
                                          const HistoryOptions& options);
// Also if there are no records.
std::string HistoryText(const HistoryReport& report, bool verbose);

absl::StatusOr<InfoReport> ReadInfo(Context& context, const std::string& patch);

absl::StatusOr<PolicyReport> ReadPolicyReport(Context& context,
                                              const std::string& file);

AdoptReport ReadAdopt(Context& context);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_VERBS_REPORTS_H_
