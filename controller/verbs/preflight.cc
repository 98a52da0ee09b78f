// SPDX-License-Identifier: GPL-2.0
// preflight: can this patch be enabled, and which tasks would block it? Changes
// nothing.
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/ops/kernel/adoption.h"
#include "controller/ops/kernel/require_root.h"
#include "controller/ops/patch/load.h"
#include "controller/ops/patch/preflight_file.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

// About one second: long enough to see which tasks stay in a function.
constexpr int kLooks = 5;
constexpr absl::Duration kLookInterval = absl::Milliseconds(250);

// That a file is no readable patch is a finding, too.
std::optional<FindingCode> CodeOf(const absl::Status& status) {
  if (KindOf(status) == ErrorKind::kNotAModule) return FindingCode::kNotAModule;
  if (KindOf(status) == ErrorKind::kNotAPatch) return FindingCode::kNotAPatch;
  return std::nullopt;
}

}  // namespace

absl::StatusOr<int> RunPreflight(Context& context, const std::string& path) {
  const absl::Status root = RequireRoot(context.kernel, "preflight");
  if (!root.ok()) return root;
  absl::StatusOr<PatchFile> file = ReadPatchFile(context.kernel, path);
  if (file.ok()) file = ForEngine(context.kernel, "", *std::move(file));
  PreflightReport report;
  if (file.ok()) {
    report = PreflightFile(context.machine, *file,
                           {/*all=*/true, kLooks, kLookInterval});
  } else {
    const std::optional<FindingCode> code = CodeOf(file.status());
    if (!code) return Annotate(file.status(), absl::StrCat("'", path, "'"));
    report.findings.push_back(FindingOf(*code, file.status()));
  }
  report.path = path;
  report.look_interval = kLookInterval;
  report.host = context.kernel.ReadHost();
  report.verbose = context.console.style.verbose;
  if (context.console.style.json) {
    context.console.out << PreflightJson(report);
  } else if (!context.console.style.quiet) {
    context.console.out << PreflightText(report);
  }
  if (FirstFatal(report.findings).ok()) return 0;
  return RowOf(ErrorKind::kRefused).exit_code;
}

}  // namespace klpx
