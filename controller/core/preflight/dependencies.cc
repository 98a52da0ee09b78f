// SPDX-License-Identifier: GPL-2.0
// What a module needs to be loaded at all.
#include "controller/core/preflight/dependencies.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "controller/core/kernel/kallsyms.h"

namespace klpx {
namespace {

// include/uapi/linux/capability.h
constexpr int kCapSysModule = 16;

// Symbols of the engines are not missing: klpx.ko is loaded with the patch, and
// CheckFile() reports a kernel without livepatch.
constexpr absl::string_view kEnginePrefixes[] = {"klpx_", "klp_"};
constexpr absl::string_view kUnderscores = "__";
constexpr size_t kMostNames = 5;

std::string Names(const std::vector<std::string>& names) {
  const size_t shown = std::min(names.size(), kMostNames);
  std::string text = absl::StrCat(
      "'", absl::StrJoin(absl::MakeConstSpan(names).first(shown), "', '"), "'");
  if (shown < names.size()) {
    absl::StrAppend(&text, " and ", names.size() - shown, " more");
  }
  return text;
}

bool IsOfAnEngine(absl::string_view symbol) {
  absl::ConsumePrefix(&symbol, kUnderscores);
  return std::any_of(std::begin(kEnginePrefixes), std::end(kEnginePrefixes),
                     [&](absl::string_view prefix) {
                       return absl::StartsWith(symbol, prefix);
                     });
}

Finding OfPatch(FindingCode code, std::string found, std::string advice) {
  return {code, "", "", std::move(found), std::move(advice)};
}

Finding AbsentModules(const LoadingFacts& facts) {
  const bool one = facts.absent_modules.size() == 1;
  return OfPatch(
      FindingCode::kMissingModule,
      absl::StrCat("it uses ", Names(facts.missing_symbols), ", and ",
                   one ? "module " : "modules ", Names(facts.absent_modules),
                   ", which it depends on (modinfo), ", one ? "is" : "are",
                   " not loaded"),
      absl::StrCat("load ", one ? "that" : "those", " first ('modprobe ",
                   facts.absent_modules.front(), "')"));
}

}  // namespace

std::vector<std::string> MissingSymbols(absl::string_view kallsyms,
                                        const PatchFile& file) {
  absl::flat_hash_set<absl::string_view> missing;
  for (const std::string& symbol : file.imports) {
    if (!IsOfAnEngine(symbol)) missing.insert(symbol);
  }
  if (missing.empty()) return {};
  ForEachSymbol(kallsyms, [&](const KernelSymbol& symbol) {
    missing.erase(symbol.name);
  });
  std::vector<std::string> names(missing.begin(), missing.end());
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<bool> MayLoadModules(absl::string_view process_status) {
  for (absl::string_view line : absl::StrSplit(process_status, '\n')) {
    if (!absl::ConsumePrefix(&line, "CapEff:")) continue;
    uint64_t effective = 0;
    if (!absl::SimpleHexAtoi(absl::StripAsciiWhitespace(line), &effective)) {
      return std::nullopt;
    }
    return (effective >> kCapSysModule & 1) != 0;
  }
  return std::nullopt;
}

Findings CheckLoading(const LoadingFacts& facts) {
  Findings findings;
  if (facts.modules_disabled) {
    findings.push_back(
        OfPatch(FindingCode::kLoadingForbidden,
                "this kernel loads no modules until the next reboot: "
                "kernel.modules_disabled is 1",
                "reboot, and load the patch before that is set"));
  }
  if (facts.may_load == false) {
    findings.push_back(
        OfPatch(FindingCode::kLoadingForbidden,
                "this process may not load modules: it has no CAP_SYS_MODULE",
                "run it on the host, outside of containers and sandboxes"));
  }
  if (facts.missing_symbols.empty()) return findings;
  if (!facts.absent_modules.empty()) {
    findings.push_back(AbsentModules(facts));
  } else {
    findings.push_back(OfPatch(
        FindingCode::kUnknownSymbol,
        absl::StrCat("it uses ", Names(facts.missing_symbols),
                     ", which neither this kernel nor a loaded module has"),
        "the kernel will refuse it (Unknown symbol); rebuild it for this "
        "kernel"));
  }
  return findings;
}

std::string WhyNotLoadable(const LoadingFacts& facts) {
  const Findings findings = CheckLoading(facts);
  return findings.empty() ? "" : Sentence(findings.front());
}

}  // namespace klpx
