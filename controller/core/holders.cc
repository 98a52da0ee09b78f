// SPDX-License-Identifier: GPL-2.0
// Who else holds the functions of a patch. One may redirect a function; who
// only watches it is no obstacle.
#include "controller/core/holders.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "controller/core/stack.h"

namespace klpx {
namespace {

const KprobeUse* FindEntryProbe(const FunctionKey& key,
                                const KernelFacts& facts) {
  for (const KprobeUse& probe : facts.kprobes) {
    if (probe.function == key && probe.by_ftrace) return &probe;
  }
  return nullptr;
}

std::string OwnerName(const FtraceUse& use, const KernelFacts& facts) {
  if (FindEntryProbe(use.function, facts) != nullptr) {
    return absl::StrCat("a kprobe with a post_handler (", use.owner, ")");
  }
  return use.owner.empty() ? "a user of ftrace that it does not name"
                           : use.owner;
}

// Does somebody else say where calls of the function go?
bool IsOwned(const FunctionKey& key, const KernelFacts& facts) {
  return !facts.redirected.contains(key) &&
         std::any_of(facts.ftrace_users.begin(), facts.ftrace_users.end(),
                     [&](const FtraceUse& use) {
                       return use.function == key && use.ip_modify;
                     });
}

// What the engines agree on is that the first one keeps the function; that of a
// module may be claimed before the module is loaded.
bool CheckOthers(const PatchedFunction& function, const PatchFile& file,
                 const KernelFacts& facts, Findings& findings) {
  const auto other = facts.others.find({function.object, function.name});
  if (other == facts.others.end()) return false;
  const Engine engine =
      file.engine == Engine::kKlpx ? Engine::kKernel : Engine::kKlpx;
  findings.push_back(FindingOn(
      function, FindingCode::kFunctionOwned,
      absl::StrCat(Describe(function), " is redirected already by patch '",
                   other->second, "' of ", RowOf(engine).name,
                   ", and a function is for one engine only"),
      absl::StrCat("unload that first ('klp-controller unload ", other->second,
                   "')")));
  return true;
}

void CheckUse(const PatchedFunction& function, const FtraceUse& use,
              const PatchFile& file, const KernelFacts& facts,
              Findings& findings) {
  const bool ours = absl::StrContains(use.owner, RowOf(file.engine).handler);
  if (use.ip_modify && !ours) {
    findings.push_back(
        FindingOn(function, FindingCode::kFunctionOwned,
                  absl::StrCat(Describe(function), " is redirected already by ",
                               OwnerName(use, facts),
                               ", says enabled_functions of tracefs"),
                  "remove that first"));
  } else if (use.direct && !ours && file.engine == Engine::kKlpx) {
    findings.push_back(FindingOn(
        function, FindingCode::kDirectCaller,
        absl::StrCat(Describe(function), " has a direct caller, ", use.owner,
                     " (BPF fentry, fexit or LSM): it stays off the fast path"),
        ""));
  }
}

void CheckProbe(const PatchedFunction& function, const KprobeUse& probe,
                Findings& findings) {
  if (probe.by_ftrace) {
    findings.push_back(FindingOn(
        function, FindingCode::kProbed,
        absl::StrCat(Describe(function), " has a ", probe.kind,
                     " at its entry, which goes on seeing every call"),
        ""));
    return;
  }
  findings.push_back(FindingOn(
      function, FindingCode::kProbeInside,
      absl::StrCat(Describe(function), " has a kprobe at +0x",
                   absl::Hex(probe.offset),
                   ", in the old body: it will see no call of the new one"),
      "move the probe to the entry, or to the new function"));
}

bool IsOfAnotherSet(const std::string& owner, const PatchFile& file,
                    const KernelFacts& facts) {
  return std::any_of(facts.installed.begin(), facts.installed.end(),
                     [&](const PatchState& patch) {
                       return patch.name == owner && patch.replace_set &&
                              *patch.replace_set != file.patch->replace_set;
                     });
}

void CheckStack(const PatchedFunction& function, const PatchFile& file,
                const KernelFacts& facts, Findings& findings) {
  const std::string owner = OwnerOf(facts.installed, function);
  if (owner.empty() || owner == file.module) return;
  if (IsOfAnotherSet(owner, file, facts)) {
    findings.push_back(
        FindingOn(function, FindingCode::kSetsOverlap,
                  absl::StrCat(Describe(function), " is redirected by patch '",
                               owner, "', which is of another replace_set"),
                  "give both the same set, or unload that first"));
    return;
  }
  findings.push_back(FindingOn(
      function, FindingCode::kStacked,
      absl::StrCat(Describe(function), " is redirected by patch '", owner,
                   file.patch->replace ? "', which is replaced"
                                       : "'; this version goes on top"),
      ""));
}

}  // namespace

Findings CheckHolders(const PatchFile& file, const KernelFacts& facts) {
  Findings findings;
  if (!file.patch) return findings;
  for (const PatchedFunction& function : file.patch->functions) {
    if (CheckOthers(function, file, facts, findings)) continue;
    CheckStack(function, file, facts, findings);
    if (!IsPresent(function, facts)) continue;
    const FunctionKey key(function.object, function.name);
    for (const KprobeUse& probe : facts.kprobes) {
      // One that redirects is the owner.
      if (probe.function != key) continue;
      if (probe.by_ftrace && IsOwned(key, facts)) continue;
      CheckProbe(function, probe, findings);
    }
    if (facts.redirected.contains(key)) continue;
    for (const FtraceUse& use : facts.ftrace_users) {
      if (use.function == key) CheckUse(function, use, file, facts, findings);
    }
  }
  return findings;
}

}  // namespace klpx
