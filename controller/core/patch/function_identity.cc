// SPDX-License-Identifier: GPL-2.0
// Which names are one function.
#include "controller/core/patch/function_identity.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "controller/core/kernel/kallsyms.h"

namespace klpx {

std::optional<AddressRange> BodyOf(const FunctionTable& places,
                                   const FunctionKey& key, uint64_t sympos) {
  const auto found = places.find(key);
  if (found == places.end()) return std::nullopt;
  const std::vector<AddressRange>& bodies = found->second.bodies;
  if (sympos == 0 && bodies.size() > 1) return std::nullopt;
  const uint64_t index = std::max<uint64_t>(sympos, 1) - 1;
  if (index >= bodies.size() || bodies[index].start == 0) return std::nullopt;
  return bodies[index];
}

FunctionIdentity Identify(const FunctionTable& places, const FunctionKey& key,
                          uint64_t sympos) {
  if (const auto body = BodyOf(places, key, sympos)) {
    return {key.first, body->start, "", 0};
  }
  return {key.first, 0, key.second, std::max<uint64_t>(sympos, 1)};
}

NamesAt FindNamesAt(absl::string_view kallsyms, const FunctionTable& places) {
  absl::flat_hash_set<uint64_t> starts;
  for (const auto& [key, found] : places) {
    for (const AddressRange& body : found.bodies) {
      if (body.start != 0) starts.insert(body.start);
    }
  }
  NamesAt names;
  if (starts.empty()) return names;
  ForEachSymbol(kallsyms, [&](const KernelSymbol& symbol) {
    if (!symbol.is_text || !starts.contains(symbol.address)) return;
    names[{std::string(symbol.object), symbol.address}].emplace_back(
        symbol.name);
  });
  return names;
}

std::vector<FunctionKey> NamesOf(const PatchedFunction& function,
                                 const FunctionTable& places,
                                 const NamesAt& names_at) {
  std::vector<FunctionKey> names = {{function.object, function.name}};
  const auto body = BodyOf(places, names.front(), function.sympos);
  if (!body) return names;
  const auto found = names_at.find({function.object, body->start});
  if (found == names_at.end()) return names;
  for (const std::string& name : found->second) {
    if (name != function.name) names.emplace_back(function.object, name);
  }
  return names;
}

FunctionSet WithOtherNames(const FunctionSet& wanted,
                           const FunctionTable& places,
                           const NamesAt& names_at) {
  FunctionSet all = wanted;
  for (const FunctionKey& key : wanted) {
    const auto found = places.find(key);
    if (found == places.end()) continue;
    for (const AddressRange& body : found->second.bodies) {
      const auto names = names_at.find({key.first, body.start});
      if (names == names_at.end()) continue;
      for (const std::string& name : names->second) {
        all.insert({key.first, name});
      }
    }
  }
  return all;
}

}  // namespace klpx
