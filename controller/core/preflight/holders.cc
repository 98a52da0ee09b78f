// SPDX-License-Identifier: GPL-2.0
// Who else holds the functions of a patch. One may redirect a function; who
// only watches it is no obstacle.
#include "controller/core/preflight/holders.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "controller/core/transition/stack.h"

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

// All that hold functions, made once for all functions of a patch.
struct Holders {
  UsesByName<FtraceUse> users;
  UsesByName<KprobeUse> probes;
  FunctionOwners installed;
  FunctionOwners others;
};

// One function, by all its names.
struct Held {
  const PatchedFunction& function;
  FunctionIdentity identity;
  std::vector<const FtraceUse*> users;
  std::vector<const KprobeUse*> probes;
  // Does one of the lists that name no address mean this function by that name?
  bool is_certain = true;
};

// Of several functions of this name, how many can be meant.
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
  return use.owner.empty() ? "a user of ftrace that it does not name"
                           : use.owner;
}

// Does somebody else say where calls of the function go?
bool IsOwned(const Held& held, bool redirected) {
  return !redirected &&
         std::any_of(held.users.begin(), held.users.end(),
                     [](const FtraceUse* use) { return use->ip_modify; });
}

// What the engines agree on is that the first one keeps the function; that of a
// module may be claimed before the module is loaded.
bool CheckOthers(const Held& held, const Holders& holders,
                 const PatchFile& file, Findings& findings) {
  const auto other = holders.others.find(held.identity);
  if (other == holders.others.end()) return false;
  const Engine engine =
      file.engine == Engine::kKlpx ? Engine::kKernel : Engine::kKlpx;
  findings.push_back(FindingOn(
      held.function, FindingCode::kFunctionOwned,
      absl::StrCat(Describe(held.function), " is redirected already by patch '",
                   other->second, "' of ", RowOf(engine).name,
                   ", and a function is for one engine only"),
      absl::StrCat("unload that first ('klp-controller unload ", other->second,
                   "')")));
  return true;
}

// The list of ftrace names the function by another one.
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
                     "is redirected already by ",
                     OwnerName(held, use),
                     ": enabled_functions of tracefs does not say which"),
        "if it is this one, the kernel refuses the patch (EBUSY)"));
  } else if (use.ip_modify && !ours) {
    findings.push_back(
        FindingOn(function, FindingCode::kFunctionOwned,
                  absl::StrCat(Describe(function), " is redirected already by ",
                               OwnerName(held, use),
                               ", says enabled_functions of tracefs",
                               AliasWords(function, use.function)),
                  "remove that first"));
  } else if (use.direct && !ours && file.engine == Engine::kKlpx) {
    findings.push_back(FindingOn(
        function, FindingCode::kDirectCaller,
        absl::StrCat(Describe(function), " has a direct caller, ", use.owner,
                     " (BPF fentry, fexit or LSM): it stays off the fast path"),
        ""));
  }
}

// A handler that changes where the call goes (error injection, a BPF override)
// and came to ftrace before the engine has the last word (docs/COEXISTENCE.md).
std::string OverrideWords(const KprobeUse& probe, const PatchFile& file,
                          const KernelFacts& facts) {
  if (probe.kind != "kprobe") return "";
  const bool was_first = file.engine == Engine::kKernel || !facts.engine_loaded;
  return absl::StrCat(
      "should its handler change where the call goes (error injection, a BPF "
      "override), the patch ",
      was_first ? "is bypassed, for the probe was there first"
                : "is bypassed if the probe was there before klpx.ko, which is "
                  "not known");
}

void CheckProbe(const Held& held, const KprobeUse& probe, const PatchFile& file,
                const KernelFacts& facts, Findings& findings) {
  const PatchedFunction& function = held.function;
  if (probe.by_ftrace) {
    findings.push_back(FindingOn(
        function, FindingCode::kProbed,
        absl::StrCat(Describe(function), " has a ", probe.kind,
                     " at its entry, which goes on seeing every call"),
        OverrideWords(probe, file, facts)));
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

// The tables of builders do not say whether the patch replaces.
absl::string_view StackedWords(const PatchDescription& patch) {
  if (!patch.builder.empty()) {
    return "'; whether that is replaced is known when the patch is loaded";
  }
  return patch.replace ? "', which is replaced" : "'; this version goes on top";
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
                               owner, "', which is of another replace_set"),
                  "give both the same set, or unload that first"));
    return;
  }
  findings.push_back(
      FindingOn(function, FindingCode::kStacked,
                absl::StrCat(Describe(function), " is redirected by patch '",
                             owner, StackedWords(*file.patch)),
                ""));
}

}  // namespace

Findings CheckHolders(const PatchFile& file, const KernelFacts& facts) {
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
      // One that redirects is the owner.
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
