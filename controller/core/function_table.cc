// SPDX-License-Identifier: GPL-2.0
// Where the functions of the running kernel are. kallsyms has no sizes: a
// function ends where the next symbol, of whatever kind, starts.
#include "controller/core/function_table.h"

#include <algorithm>
#include <bitset>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace klpx {
namespace {

constexpr absl::string_view kTextTypes = "tTwW";

struct Symbol {
  uint64_t address = 0;
  char type = 0;
  absl::string_view name;
  absl::string_view object;
};

// Nothing if it is no number. The list is long, and this is asked of each line.
std::optional<uint64_t> ParseAddress(absl::string_view digits) {
  uint64_t value = 0;
  for (const char c : digits) {
    if (!absl::ascii_isxdigit(c)) return std::nullopt;
    value = value * 16 + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

// "ffffffff81000000 T name" or "ffffffffc0000000 t name\t[module]"
bool ParseLine(absl::string_view line, Symbol& symbol) {
  const size_t space = line.find(' ');
  if (space == absl::string_view::npos || line.size() < space + 4) return false;
  const auto address = ParseAddress(line.substr(0, space));
  if (!address) return false;
  symbol.address = *address;
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
    for (const FunctionKey& key : wanted) {
      names_.insert(key.second);
      starts_like_.set(HeadOf(key.second));
    }
  }

  void Add(const Symbol& symbol) {
    if (symbol.address != 0) starts_.push_back(symbol.address);
    if (!starts_like_[HeadOf(symbol.name)]) return;
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
