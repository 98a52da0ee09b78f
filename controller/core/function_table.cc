// SPDX-License-Identifier: GPL-2.0
// Where the functions of the running kernel are. kallsyms has no sizes: a
// function ends where the next symbol, of whatever kind, starts.
#include "controller/core/function_table.h"

#include <algorithm>
#include <bitset>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "controller/core/kallsyms.h"

namespace klpx {
namespace {

bool IsCold(absl::string_view suffix) {
  return absl::StrContains(suffix, ".cold");
}

// Collects starts first; the ends are known when all symbols are.
class Collector {
 public:
  explicit Collector(const FunctionSet& wanted) : wanted_(wanted) {
    for (const FunctionKey& key : wanted) {
      names_.insert(key.second);
      starts_like_.set(HeadOf(key.second));
    }
  }

  void Add(const KernelSymbol& symbol) {
    if (symbol.address != 0) starts_.push_back(symbol.address);
    if (!starts_like_[HeadOf(symbol.name)]) return;
    if (!symbol.is_text) return;
    const size_t dot = symbol.name.find('.');
    const absl::string_view base = symbol.name.substr(0, dot);
    const bool is_whole = names_.contains(symbol.name);
    if (!is_whole && !names_.contains(base)) return;
    FunctionKey key(symbol.object, is_whole ? symbol.name : base);
    if (!wanted_.contains(key)) return;
    FunctionPlaces& places = table_[std::move(key)];
    const AddressRange range = {symbol.address, symbol.address};
    if (is_whole) {
      places.bodies.push_back(range);
    } else if (IsCold(symbol.name.substr(dot))) {
      places.cold.push_back(range);
    } else {
      places.variants.emplace_back(symbol.name);
    }
  }

  FunctionTable Finish() {
    std::sort(starts_.begin(), starts_.end());
    for (auto& [key, places] : table_) {
      SetEnds(places.bodies);
      SetEnds(places.cold);
    }
    return std::move(table_);
  }

 private:
  // The first letters: nearly all symbols are told from the wanted ones so.
  static uint16_t HeadOf(absl::string_view name) {
    const uint8_t first = name.empty() ? 0 : name[0];
    const uint8_t second = name.size() < 2 ? 0 : name[1];
    return first << 8 | second;
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
