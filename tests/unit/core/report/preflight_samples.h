// SPDX-License-Identifier: GPL-2.0
// What was found before an enable, for the reports of 'preflight'.
#ifndef KLPX_TESTS_UNIT_CORE_REPORT_PREFLIGHT_SAMPLES_H_
#define KLPX_TESTS_UNIT_CORE_REPORT_PREFLIGHT_SAMPLES_H_

#include "controller/core/report/report.h"

namespace klpx {

inline PreflightReport Report() {
  PreflightReport report;
  report.path = "fix.ko";
  report.file = PatchFile();
  report.file->module = "fix";
  report.file->engine = Engine::kKlpx;
  report.file->patch.emplace();
  CheckedFunction checked;
  checked.function = {"vmlinux", "do_open", "new_open", 0};
  checked.present = true;
  checked.symbols = 1;
  report.functions = {checked};
  report.findings = {
      {FindingCode::kStacked, "vmlinux", "do_open", "a note", ""},
      {FindingCode::kNotTraceable, "vmlinux", "do_open", "a refusal", "do it"}};
  report.look_interval = absl::Milliseconds(250);
  return report;
}

// With so many tasks asleep in do_open().
inline PreflightReport WithTasks(uint32_t count) {
  PreflightReport report = Report();
  report.findings.clear();
  Forecast& forecast = report.forecast.emplace();
  forecast.looks = 5;
  forecast.tasks = count;
  for (uint32_t tid = 1; tid <= count; tid++) {
    TaskInTheWay entry;
    entry.task.tid = tid;
    entry.task.comm = "napper";
    entry.task.task_state = 1;
    entry.function = "do_open";
    entry.seen = 5;
    entry.obstacle = Obstacle::kSignal;
    forecast.in_the_way.push_back(entry);
  }
  forecast.functions = {{"vmlinux", "do_open", 5, static_cast<int>(count)}};
  forecast.outlook = Outlook::kSignal;
  return report;
}

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_CORE_REPORT_PREFLIGHT_SAMPLES_H_
