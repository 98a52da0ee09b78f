// SPDX-License-Identifier: GPL-2.0
// Where the functions of the running kernel are. kallsyms has no sizes: a
// function ends where the next symbol, of whatever kind, starts.
#include "controller/core/function_table.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace klpx {
namespace {

constexpr absl::string_view kVmlinux = "vmlinux";
constexpr absl::string_view kTextTypes = "tTwW";

struct Symbol {
  uint64_t address = 0;
  char type = 0;
  absl::string_view name;
  absl::string_view object;
};

// "ffffffff81000000 T name" or "ffffffffc0000000 t name\t[module]"
bool ParseLine(absl::string_view line, Symbol& symbol) {
  const size_t space = line.find(' ');
  if (space == absl::string_view::npos || line.size() < space + 4) return false;
  if (!absl::SimpleHexAtoi(line.substr(0, space), &symbol.address)) {
    return false;
  }
  symbol.type = line[space + 1];
  absl::string_view rest = line.substr(space + 3);
  const size_t tab = rest.find('\t');
  symbol.name = rest.substr(0, tab);
  symbol.object = kVmlinux;
  if (tab == absl::string_view::npos) return true;
  rest.remove_prefix(tab + 1);
  if (absl::ConsumePrefix(&rest, "[")) {
    symbol.object = rest.substr(0, rest.find(']'));
  }
  return true;
}

bool IsCold(absl::string_view suffix) {
  return absl::StrContains(suffix, ".cold");
}

// Collects starts first; the ends are known when all symbols are.
class Collector {
 public:
  explicit Collector(const FunctionSet& wanted) : wanted_(wanted) {
    for (const FunctionKey& key : wanted) names_.insert(key.second);
  }

  void Add(const Symbol& symbol) {
    if (symbol.address != 0) starts_.push_back(symbol.address);
    if (!absl::StrContains(kTextTypes, symbol.type)) return;
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
  void SetEnds(std::vector<AddressRange>& ranges) const {
    for (AddressRange& range : ranges) {
      const auto next =
          std::upper_bound(starts_.begin(), starts_.end(), range.start);
      if (next != starts_.end() && range.start != 0) range.end = *next;
    }
  }

  const FunctionSet& wanted_;
  absl::flat_hash_set<std::string> names_;
  std::vector<uint64_t> starts_;
  FunctionTable table_;
};

}  // namespace

FunctionTable FindFunctions(absl::string_view kallsyms,
                            const FunctionSet& wanted) {
  Collector collector(wanted);
  while (!kallsyms.empty()) {
    const size_t end = kallsyms.find('\n');
    Symbol symbol;
    if (ParseLine(kallsyms.substr(0, end), symbol)) collector.Add(symbol);
    kallsyms.remove_prefix(end == absl::string_view::npos ? kallsyms.size()
                                                          : end + 1);
  }
  return collector.Finish();
}

}  // namespace klpx
