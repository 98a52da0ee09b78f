// SPDX-License-Identifier: GPL-2.0
// The report of 'adopt'.
#include "controller/core/report/report_adopt.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/json.h"
#include "controller/core/base/text.h"

namespace klpx {
namespace {

// What becomes of patches made for the kernel's engine from now on.
std::string StateLine(const AdoptReport& report) {
  const absl::string_view kernel = RowOf(Engine::kKernel).name;
  if (report.adopts.value_or(false)) {
    return absl::StrCat("adoption is on: new patches made for ", kernel,
                        " run on klpx");
  }
  if (report.adopts) {
    return absl::StrCat("adoption is off: new patches made for ", kernel,
                        " run there");
  }
  if (!report.kernel_engine) {
    return "there is nothing to adopt: this kernel was built without "
           "CONFIG_LIVEPATCH";
  }
  if (report.engine_loaded) {
    return "adoption is off: the klpx.ko that is loaded cannot adopt patches; "
           "install klp-controller and klpx.ko from one build";
  }
  return "adoption is off: klpx.ko is not loaded ('klp-controller adopt on' "
         "loads it)";
}

std::string NamesLine(absl::string_view label,
                      const std::vector<std::string>& names) {
  if (names.empty()) return "";
  return absl::StrCat(label, Printable(absl::StrJoin(names, ", ")), "\n");
}

}  // namespace

std::vector<std::string> AdoptedNames(const std::vector<PatchState>& patches) {
  std::vector<std::string> names;
  for (const PatchState& patch : patches) {
    if (patch.adopted) names.push_back(patch.name);
  }
  return names;
}

std::vector<std::string> KernelNames(const std::vector<PatchState>& patches) {
  std::vector<std::string> names;
  for (const PatchState& patch : patches) {
    if (patch.engine != Engine::kKernel || !patch.registered) continue;
    names.push_back(patch.name);
  }
  return names;
}

std::string AdoptText(const AdoptReport& report) {
  std::string text = absl::StrCat(StateLine(report), "\n");
  if (!report.engine_for.empty()) {
    absl::StrAppend(&text, "next load:       ", Printable(report.engine_for),
                    "\n");
  }
  return absl::StrCat(
      text, NamesLine("adopted:         ", AdoptedNames(report.patches)),
      NamesLine("kernel's engine: ", KernelNames(report.patches)));
}

std::string AdoptJson(const AdoptReport& report) {
  Json json = Envelope("klp.adopt/v1", report.host);
  json["engine_loaded"] = report.engine_loaded;
  json["kernel_engine"] = report.kernel_engine;
  json["adopts"] = OrNull(report.adopts);
  json["engine_for"] = TextOrNull(report.engine_for);
  json["adopted"] = AdoptedNames(report.patches);
  json["on_kernel_engine"] = KernelNames(report.patches);
  return Dump(json);
}

}  // namespace klpx
