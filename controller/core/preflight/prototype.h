// SPDX-License-Identifier: GPL-2.0
// What a function takes and returns, and whether another can stand in for it.
// This file does not know where prototypes come from (BTF).
#ifndef KLPX_CONTROLLER_CORE_PREFLIGHT_PROTOTYPE_H_
#define KLPX_CONTROLLER_CORE_PREFLIGHT_PROTOTYPE_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "controller/core/kernel/file_parsers.h"
#include "controller/core/patch/patch_file.h"
#include "controller/core/preflight/finding.h"

namespace klpx {

struct CType {
  // As in C, around the name: {"int (*", ")(void)"}.
  std::string before;
  std::string after;
  // Equal for types that can stand in for each other: without qualifiers and
  // typedefs; types passed by value are spelled out down to their members.
  std::string key;
};

struct Parameter {
  std::string name;
  CType type;
};

struct Prototype {
  CType result;
  std::vector<Parameter> parameters;
  bool variadic = false;
};

// As C declares it.
std::string Render(const Prototype& prototype, absl::string_view name);

// "argument 2 is 'int', was 'long'"; nothing if they agree.
std::optional<std::string> Difference(const Prototype& old_one,
                                      const Prototype& new_one);

// Old prototypes by function, new ones by the name of the replacement.
// Functions whose prototypes are not known are left out.
struct Prototypes {
  absl::flat_hash_map<FunctionKey, Prototype> old_ones;
  absl::flat_hash_map<std::string, Prototype> new_ones;
  // Why no prototype of an object, or of the file, could be read.
  absl::flat_hash_map<std::string, std::string> old_unread = {};
  std::string new_unread = {};
  // Functions that share their name with others: BTF cannot tell them apart.
  FunctionSet ambiguous = {};
};

struct PrototypePair {
  std::optional<Prototype> old_one;
  std::optional<Prototype> new_one;
};
PrototypePair FindPair(const PatchedFunction& function,
                       const Prototypes& prototypes);

// Why the two prototypes of a function could not be compared; "" if they could.
std::string WhyNotCompared(const PatchedFunction& function,
                           const Prototypes& prototypes);

Findings CheckPrototypes(const PatchFile& file, const Prototypes& prototypes);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PREFLIGHT_PROTOTYPE_H_
