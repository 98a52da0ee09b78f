// SPDX-License-Identifier: GPL-2.0
// The JSON of 'preflight': every finding, function and blocking task.
#include <string>
#include <utility>
#include <vector>

#include "controller/core/base/json.h"
#include "controller/core/base/text.h"
#include "controller/core/report/report.h"

namespace klpx {
namespace {

Json FileJson(const PreflightReport& report) {
  if (!report.file) return nullptr;
  const PatchFile& file = *report.file;
  Json json;
  json["module"] = file.module;
  json["engine"] = std::string(RowOf(file.engine).word);
  json["adopted"] = file.adopted;
  json["builder"] =
      file.patch ? TextOrNull(file.patch->builder) : Json(nullptr);
  json["vermagic"] = file.vermagic;
  json["signed"] = file.is_signed;
  json["build_id"] = TextOrNull(BuildIdOf(file));
  return json;
}

Json FindingsJson(const Findings& findings) {
  Json json = Json::array();
  for (const Finding& finding : findings) {
    const FindingRow& row = RowOf(finding.code);
    Json entry;
    entry["code"] = std::string(row.word);
    entry["severity"] = std::string(SeverityWord(row.severity));
    entry["object"] = TextOrNull(finding.object);
    entry["function"] = TextOrNull(finding.function);
    entry["found"] = finding.found;
    entry["advice"] = TextOrNull(finding.advice);
    json.push_back(std::move(entry));
  }
  return json;
}

Json FunctionsJson(const std::vector<CheckedFunction>& functions) {
  Json json = Json::array();
  for (const CheckedFunction& checked : functions) {
    Json entry;
    entry["object"] = checked.function.object;
    entry["name"] = checked.function.name;
    entry["sympos"] = checked.function.sympos;
    entry["replacement"] = TextOrNull(checked.function.replacement);
    entry["object_loaded"] = checked.present;
    entry["symbols"] = OrNull(checked.symbols);
    entry["traceable"] = OrNull(checked.traceable);
    entry["old_prototype"] = TextOrNull(checked.old_prototype);
    entry["new_prototype"] = TextOrNull(checked.new_prototype);
    entry["same_prototype"] = OrNull(checked.same_prototype);
    entry["not_compared"] = TextOrNull(checked.not_compared);
    json.push_back(std::move(entry));
  }
  return json;
}

Json TaskJson(const TaskInTheWay& entry) {
  const TaskStack& task = entry.task;
  Json json;
  json["tid"] = task.tid;
  json["pid"] = task.pid;
  json["comm"] = task.comm;
  json["state"] = TaskStateLetter(task.task_state);
  json["kthread"] = task.kthread;
  json["io_worker"] = task.io_worker;
  json["object"] = entry.object;
  json["function"] = entry.function;
  json["seen"] = entry.seen;
  json["obstacle"] = std::string(ObstacleWord(entry.obstacle));
  json["rule"] = TextOrNull(entry.rule);
  return json;
}

Json ForecastJson(const PreflightReport& report) {
  if (!report.forecast) return nullptr;
  const Forecast& forecast = *report.forecast;
  Json json;
  json["outlook"] = std::string(OutlookWord(forecast.outlook));
  json["message"] = OutlookSentence(forecast);
  json["looks"] = forecast.looks;
  json["look_interval_ms"] = absl::ToInt64Milliseconds(report.look_interval);
  json["tasks"] = forecast.tasks;
  json["running"] = forecast.running;
  json["in_the_way"] = Json::array();
  for (const TaskInTheWay& entry : forecast.in_the_way) {
    json["in_the_way"].push_back(TaskJson(entry));
  }
  json["spinning"] = Json::array();
  for (const TaskStack& task : forecast.spinning) {
    json["spinning"].push_back({{"tid", task.tid}, {"comm", task.comm}});
  }
  json["decided_by"] = TextOrNull(forecast.decided_by);
  json["functions"] = Json::array();
  for (const FunctionInTheWay& function : forecast.functions) {
    json["functions"].push_back(
        {{"object", function.object},
         {"name", function.function},
         {"seen", function.seen},
         {"tasks", function.tasks},
         {"always", IsAlwaysOnStack(function, forecast)}});
  }
  return json;
}

}  // namespace

std::string PreflightJson(const PreflightReport& report) {
  Json json = Envelope("klp.preflight/v1", report.host);
  const bool refused = CountOf(report.findings, Severity::kFatal) > 0;
  json["path"] = report.path;
  json["refused"] = refused;
  json["file"] = FileJson(report);
  json["signature_required_by"] = TextOrNull(report.signature_required_by);
  json["findings"] = FindingsJson(report.findings);
  json["functions"] = FunctionsJson(report.functions);
  json["forecast"] = ForecastJson(report);
  json["forecast_error"] = TextOrNull(report.forecast_error);
  return Dump(json);
}

}  // namespace klpx
