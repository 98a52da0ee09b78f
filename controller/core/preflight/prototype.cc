// SPDX-License-Identifier: GPL-2.0
// What a function takes and returns, and whether another can stand in for it.
#include "controller/core/preflight/prototype.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/text.h"
#include "controller/core/preflight/preflight.h"

namespace klpx {
namespace {

std::string Declare(const CType& type, absl::string_view name) {
  const bool tight = name.empty() || absl::EndsWith(type.before, "*") ||
                     absl::EndsWith(type.before, "(");
  return absl::StrCat(type.before, tight ? "" : " ", name, type.after);
}

std::string Quoted(const CType& type) {
  return absl::StrCat("'", Printable(Declare(type, "")), "'");
}

}  // namespace

std::string Render(const Prototype& prototype, absl::string_view name) {
  std::vector<std::string> parameters;
  for (const Parameter& parameter : prototype.parameters) {
    parameters.push_back(Declare(parameter.type, parameter.name));
  }
  if (prototype.variadic) parameters.push_back("...");
  if (parameters.empty()) parameters.push_back("void");
  return Declare(prototype.result,
                 absl::StrCat(name, "(", absl::StrJoin(parameters, ", "), ")"));
}

std::optional<std::string> Difference(const Prototype& old_one,
                                      const Prototype& new_one) {
  const size_t wanted = old_one.parameters.size();
  const size_t found = new_one.parameters.size();
  if (wanted != found) {
    return absl::StrCat("it takes ", Count(found, "argument"),
                        ", the old one takes ", wanted);
  }
  for (size_t i = 0; i < wanted; i++) {
    const CType& was = old_one.parameters[i].type;
    const CType& is = new_one.parameters[i].type;
    if (was.key == is.key) continue;
    return absl::StrCat("argument ", i + 1, " is ", Quoted(is), ", was ",
                        Quoted(was));
  }
  if (old_one.result.key != new_one.result.key) {
    return absl::StrCat("it returns ", Quoted(new_one.result),
                        ", the old one returns ", Quoted(old_one.result));
  }
  if (old_one.variadic == new_one.variadic) return std::nullopt;
  return "only one of them takes more arguments (...)";
}

PrototypePair FindPair(const PatchedFunction& function,
                       const Prototypes& prototypes) {
  PrototypePair pair;
  const auto was =
      prototypes.old_ones.find(FunctionKey(function.object, function.name));
  if (was != prototypes.old_ones.end()) pair.old_one = was->second;
  const auto is = prototypes.new_ones.find(function.replacement);
  if (is != prototypes.new_ones.end()) pair.new_one = is->second;
  return pair;
}

std::string WhyNotCompared(const PatchedFunction& function,
                           const Prototypes& prototypes) {
  const FunctionKey key(function.object, function.name);
  const auto [was, is] = FindPair(function, prototypes);
  if (was && is) return "";
  if (!prototypes.new_unread.empty()) return prototypes.new_unread;
  const auto unread = prototypes.old_unread.find(function.object);
  if (unread != prototypes.old_unread.end()) return unread->second;
  if (prototypes.ambiguous.contains(key)) {
    return "several functions have this name, and BTF has no addresses";
  }
  if (!was) {
    return absl::StrCat(
        "the BTF of ",
        function.object == kVmlinux ? "the kernel" : function.object,
        " does not describe it");
  }
  return "the BTF of the file does not describe its replacement";
}

Findings CheckPrototypes(const PatchFile& file, const Prototypes& prototypes) {
  Findings findings;
  if (!file.patch) return findings;
  for (const PatchedFunction& function : file.patch->functions) {
    const auto [was, is] = FindPair(function, prototypes);
    if (!was || !is) continue;
    const auto difference = Difference(*was, *is);
    if (!difference) continue;
    findings.push_back(FindingOn(
        function, FindingCode::kPrototypeDiffers,
        absl::StrCat("the replacement of ", Describe(function),
                     " has another prototype: ", *difference,
                     " (old: ", Render(*was, function.name),
                     "; new: ", Render(*is, function.replacement), ")"),
        "callers pass what the old one takes: give the new one the same "
        "prototype"));
  }
  return findings;
}

}  // namespace klpx
