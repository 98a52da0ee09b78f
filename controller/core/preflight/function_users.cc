// SPDX-License-Identifier: GPL-2.0
// What else uses the functions of a patch. Only one user of ftrace may redirect
// a function; one that only watches it does not conflict.
#include "controller/core/preflight/function_users.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "controller/core/transition/patch_stack.h"

namespace klpx {
namespace {

template <typename Use>
using UsesByName = absl::flat_hash_map<FunctionKey, std::vector<const Use*>>;

template <typename Use>
UsesByName<Use> ByName(const std::vector<Use>& uses) {
  UsesByName<Use> found;
  for (const Use& use : uses) found[use.function].push_back(&use);
  return found;
}

// Every user of functions, collected once for all functions of a patch.
struct Holders {
  UsesByName<FtraceUse> users;
  UsesByName<KprobeUse> probes;
  FunctionOwners installed;
  FunctionOwners others;
};

// One function, and its users by any of its names.
struct Held {
  const PatchedFunction& function;
  FunctionIdentity identity;
  std::vector<const FtraceUse*> users;
  std::vector<const KprobeUse*> probes;
  // False: a list without addresses has its name, which several functions
  // share.
  bool is_certain = true;
};

// How many functions a list without addresses can mean by this name.
size_t CountOfName(const FunctionKey& name, const KernelFacts& facts) {
  const auto places = facts.places.find(name);
  if (places == facts.places.end()) return 1;
  const std::vector<AddressRange>& bodies = places->second.bodies;
  if (!facts.sites) return bodies.size();
  return std::count_if(
      bodies.begin(), bodies.end(), [&](const AddressRange& body) {
        const auto site = std::lower_bound(facts.sites->begin(),
                                           facts.sites->end(), body.start);
        return site != facts.sites->end() && *site < body.end;
      });
}

// A probe says where it is, unless addresses are hidden.
bool IsIn(const KprobeUse& probe, const std::optional<AddressRange>& body) {
  if (probe.address == 0 || !body || body->start == body->end) return true;
  return probe.address >= body->start && probe.address < body->end;
}

Held HeldBy(const PatchedFunction& function, const Holders& holders,
            const KernelFacts& facts) {
  const FunctionKey key(function.object, function.name);
  const auto body = BodyOf(facts.places, key, function.sympos);
  Held held = {function, Identify(facts.places, key, function.sympos), {}, {}};
  for (const FunctionKey& name :
       NamesOf(function, facts.places, facts.names_at)) {
    if (const auto users = holders.users.find(name);
        users != holders.users.end()) {
      held.users.insert(held.users.end(), users->second.begin(),
                        users->second.end());
      if (CountOfName(name, facts) > 1) held.is_certain = false;
    }
    if (const auto probes = holders.probes.find(name);
        probes != holders.probes.end()) {
      for (const KprobeUse* probe : probes->second) {
        if (IsIn(*probe, body)) held.probes.push_back(probe);
      }
    }
  }
  return held;
}

std::string OwnerName(const Held& held, const FtraceUse& use) {
  const bool probed =
      std::any_of(held.probes.begin(), held.probes.end(),
                  [](const KprobeUse* probe) { return probe->by_ftrace; });
  if (probed) {
    return absl::StrCat("a kprobe with a post_handler (", use.owner, ")");
  }
  return use.owner.empty() ? "an unnamed user of ftrace" : use.owner;
}

// Does another user of ftrace redirect the function?
bool IsOwned(const Held& held, bool redirected) {
  return !redirected &&
         std::any_of(held.users.begin(), held.users.end(),
                     [](const FtraceUse* use) { return use->ip_modify; });
}

// Both engines let the first one keep a function. A function of a module may be
// claimed before the module is loaded.
bool CheckOthers(const Held& held, const Holders& holders,
                 const PatchFile& file, Findings& findings) {
  const auto other = holders.others.find(held.identity);
  if (other == holders.others.end()) return false;
  const Engine engine =
      file.engine == Engine::kKlpx ? Engine::kKernel : Engine::kKlpx;
  findings.push_back(FindingOn(
      held.function, FindingCode::kFunctionOwned,
      absl::StrCat(Describe(held.function), " is already redirected by patch '",
                   other->second, "' of ", RowOf(engine).name,
                   ", and only one engine can redirect a function"),
      absl::StrCat("unload that patch first ('klp-controller unload ",
                   other->second, "')")));
  return true;
}

// For when ftrace lists the function by another of its names.
std::string AliasWords(const PatchedFunction& function,
                       const FunctionKey& listed) {
  if (listed.second == function.name) return "";
  return absl::StrCat(", where it is called ", listed.second);
}

void CheckUse(const Held& held, const FtraceUse& use, const PatchFile& file,
              Findings& findings) {
  const PatchedFunction& function = held.function;
  const bool ours = absl::StrContains(use.owner, RowOf(file.engine).handler);
  if (use.ip_modify && !ours && !held.is_certain) {
    findings.push_back(FindingOn(
        function, FindingCode::kPerhapsOwned,
        absl::StrCat(Describe(function),
                     ", or another function of this name, "
                     "is already redirected by ",
                     OwnerName(held, use),
                     ": enabled_functions of tracefs does not say which"),
        "if it is this one, the kernel refuses the patch (EBUSY)"));
  } else if (use.ip_modify && !ours) {
    findings.push_back(
        FindingOn(function, FindingCode::kFunctionOwned,
                  absl::StrCat(Describe(function), " is already redirected by ",
                               OwnerName(held, use),
                               ", according to enabled_functions of tracefs",
                               AliasWords(function, use.function)),
                  "remove that user first"));
  } else if (use.direct && !ours && file.engine == Engine::kKlpx) {
    findings.push_back(FindingOn(
        function, FindingCode::kDirectCaller,
        absl::StrCat(Describe(function), " has a direct caller, ", use.owner,
                     " (BPF fentry, fexit or LSM): it stays off the fast path"),
        ""));
  }
}

// A handler that changes where the call goes (error injection, a BPF override)
// overrides the engine if it was registered first (docs/COEXISTENCE.md).
std::string OverrideWords(const KprobeUse& probe, const PatchFile& file,
                          const KernelFacts& facts) {
  if (probe.kind != "kprobe") return "";
  const bool was_first = file.engine == Engine::kKernel || !facts.engine_loaded;
  return absl::StrCat(
      "if its handler redirects the call (error injection, a BPF override), "
      "the patch is bypassed, ",
      was_first ? "because the probe was registered first"
                : "unless klpx.ko was loaded before the probe, which is not "
                  "known");
}

void CheckProbe(const Held& held, const KprobeUse& probe, const PatchFile& file,
                const KernelFacts& facts, Findings& findings) {
  const PatchedFunction& function = held.function;
  if (probe.by_ftrace) {
    findings.push_back(FindingOn(
        function, FindingCode::kProbed,
        absl::StrCat(Describe(function), " has a ", probe.kind,
                     " at its entry, which will still see every call"),
        OverrideWords(probe, file, facts)));
    return;
  }
  findings.push_back(FindingOn(
      function, FindingCode::kProbeInside,
      absl::StrCat(Describe(function), " has a kprobe at +0x",
                   absl::Hex(probe.offset),
                   ", in the old body: it will not see calls of the new one"),
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

// The tables of other builders do not say whether the patch replaces others.
absl::string_view StackedWords(const PatchDescription& patch) {
  if (!patch.builder.empty()) {
    return "'; whether this one replaces it is known only once it is loaded";
  }
  return patch.replace ? "', which this one replaces"
                       : "'; this version is stacked on top";
}

void CheckStack(const Held& held, const Holders& holders, const PatchFile& file,
                const KernelFacts& facts, Findings& findings) {
  const PatchedFunction& function = held.function;
  const auto found = holders.installed.find(held.identity);
  if (found == holders.installed.end()) return;
  const std::string& owner = found->second;
  if (owner == file.module) return;
  if (IsOfAnotherSet(owner, file, facts)) {
    findings.push_back(
        FindingOn(function, FindingCode::kSetsOverlap,
                  absl::StrCat(Describe(function), " is redirected by patch '",
                               owner, "', which has another replace_set"),
                  "give both the same set, or unload that patch first"));
    return;
  }
  findings.push_back(
      FindingOn(function, FindingCode::kStacked,
                absl::StrCat(Describe(function), " is redirected by patch '",
                             owner, StackedWords(*file.patch)),
                ""));
}

}  // namespace

Findings CheckFunctionUsers(const PatchFile& file, const KernelFacts& facts) {
  Findings findings;
  if (!file.patch) return findings;
  const Holders holders = {ByName(facts.ftrace_users), ByName(facts.kprobes),
                           OwnersOf(facts.installed, facts.places),
                           OwnersOf(facts.others, facts.places)};
  for (const PatchedFunction& function : file.patch->functions) {
    const Held held = HeldBy(function, holders, facts);
    if (CheckOthers(held, holders, file, findings)) continue;
    CheckStack(held, holders, file, facts, findings);
    if (!IsPresent(function, facts)) continue;
    const bool redirected = holders.installed.contains(held.identity);
    for (const KprobeUse* probe : held.probes) {
      // A probe that redirects is the owner, which CheckUse() reports.
      if (probe->by_ftrace && IsOwned(held, redirected)) continue;
      CheckProbe(held, *probe, file, facts, findings);
    }
    if (redirected) continue;
    for (const FtraceUse* use : held.users) {
      CheckUse(held, *use, file, findings);
    }
  }
  return findings;
}

}  // namespace klpx
