// SPDX-License-Identifier: GPL-2.0
// Where the functions of the running kernel are. kallsyms has no sizes: a
// function ends where the next symbol of any kind starts.
#include "controller/core/kernel/function_table.h"

#include <algorithm>
#include <bitset>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "controller/core/kernel/kallsyms.h"
#include "kmod/pure/parts.h"

namespace klpx {
namespace {

bool IsCold(absl::string_view suffix) {
  return absl::StrContains(suffix, ".cold");
}

// Calls `tell` for each function that a symbol is a part of, by its name.
template <typename Tell>
void ForEachWhole(absl::string_view name, Tell tell) {
  size_t length = 0;
  while ((length = klpx_part_of(name.data(), name.size(), length)) != 0) {
    tell(name.substr(0, length));
  }
}

// Collects starts first; the ends are known once all symbols are.
class Collector {
 public:
  explicit Collector(const FunctionSet& wanted) : wanted_(wanted) {
    for (const FunctionKey& key : wanted) {
      names_.insert(key.second);
      starts_like_.set(HeadOf(key.second));
    }
  }

  void Add(const KernelSymbol& symbol) {
    if (symbol.address == 0) {
      AddWanted(symbol);
      return;
    }
    starts_.push_back(symbol.address);
    if (!symbol.is_text) return;
    functions_.push_back(symbol);
    ForEachWhole(symbol.name, [&](absl::string_view whole) {
      parts_[{symbol.object, whole}].push_back(symbol.address);
    });
    AddWanted(symbol);
  }

  FunctionTable Finish() {
    std::sort(starts_.begin(), starts_.end());
    std::stable_sort(functions_.begin(), functions_.end(), IsBefore);
    for (auto& [key, places] : table_) {
      SetEnds(places.bodies);
      AddParts(key, places);
      SetEnds(places.parts);
    }
    return std::move(table_);
  }

 private:
  using View = std::pair<absl::string_view, absl::string_view>;

  static bool IsBefore(const KernelSymbol& a, const KernelSymbol& b) {
    return a.address < b.address;
  }

  // The first letters rule out nearly all symbols that are not wanted.
  static uint16_t HeadOf(absl::string_view name) {
    const uint8_t first = name.empty() ? 0 : name[0];
    const uint8_t second = name.size() < 2 ? 0 : name[1];
    return first << 8 | second;
  }

  void AddWanted(const KernelSymbol& symbol) {
    if (!symbol.is_text) return;
    if (!starts_like_[HeadOf(symbol.name)]) return;
    const size_t dot = symbol.name.find('.');
    const absl::string_view base = symbol.name.substr(0, dot);
    const bool is_whole = names_.contains(symbol.name);
    if (!is_whole && !names_.contains(base)) return;
    FunctionKey key(symbol.object, is_whole ? symbol.name : base);
    if (!wanted_.contains(key)) return;
    FunctionPlaces& places = table_[std::move(key)];
    if (is_whole) {
      places.bodies.push_back({symbol.address, symbol.address});
    } else if (!IsCold(symbol.name.substr(dot))) {
      places.variants.emplace_back(symbol.name);
    }
  }

  // Adds the cold ranges for the name of the function and for its other names.
  void AddParts(const FunctionKey& key, FunctionPlaces& places) const {
    absl::flat_hash_set<View> names = {View(key.first, key.second)};
    for (const AddressRange& body : places.bodies) {
      KernelSymbol at;
      at.address = body.start;
      const auto [first, last] =
          std::equal_range(functions_.begin(), functions_.end(), at, IsBefore);
      for (auto it = first; it != last; ++it)
        names.insert({key.first, it->name});
    }
    absl::flat_hash_set<uint64_t> known;
    for (const View& name : names) {
      const auto found = parts_.find(name);
      if (found == parts_.end()) continue;
      for (const uint64_t address : found->second) {
        if (known.insert(address).second) {
          places.parts.push_back({address, address});
        }
      }
    }
  }

  void SetEnds(std::vector<AddressRange>& ranges) const {
    for (AddressRange& range : ranges) {
      const auto next =
          std::upper_bound(starts_.begin(), starts_.end(), range.start);
      if (next != starts_.end() && range.start != 0) range.end = *next;
    }
  }

  const FunctionSet& wanted_;
  absl::flat_hash_set<std::string> names_;
  std::bitset<65536> starts_like_;
  std::vector<uint64_t> starts_;
  std::vector<KernelSymbol> functions_;
  absl::flat_hash_map<View, std::vector<uint64_t>> parts_;
  FunctionTable table_;
};

}  // namespace

FunctionTable FindFunctions(absl::string_view kallsyms,
                            const FunctionSet& wanted) {
  Collector collector(wanted);
  ForEachSymbol(kallsyms,
                [&](const KernelSymbol& symbol) { collector.Add(symbol); });
  return collector.Finish();
}

}  // namespace klpx
