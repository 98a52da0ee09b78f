// SPDX-License-Identifier: GPL-2.0
// Suggests names for a function that the kernel does not have.
#include "controller/core/kernel/close_names.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "controller/core/kernel/kallsyms.h"

namespace klpx {
namespace {

constexpr size_t kMostNames = 5;
// A typing mistake: this many wrong letters in a name of eight or more, one in
// a shorter name. Names of fewer than five letters resemble too many others.
constexpr size_t kMostSlips = 2;
constexpr size_t kLongName = 8;
constexpr size_t kShortestName = 5;
// The longest possible name in a kernel (KSYM_NAME_LEN).
constexpr size_t kLongestName = 512;

// Prefixes that the kernel and the compiler add to the name of a function.
constexpr absl::string_view kWrappers[] = {"__x64_", "__ia32_", "__se_",
                                           "__do_",  "__",      "_"};
// Prefixes of symbols that are not called as functions.
constexpr absl::string_view kNoise[] = {"__pfx_", "__cfi_", "__SCT__",
                                        "__probestub_", "trace_event_"};

enum Closeness { kElsewhere, kWrapper, kSlip };

// "do_close" of "__do_sys_do_close.isra.0".
absl::string_view CoreOf(absl::string_view name) {
  name = name.substr(0, name.find('.'));
  bool more = true;
  while (more) {
    more = false;
    for (const absl::string_view wrapper : kWrappers) {
      if (name.size() > wrapper.size())
        more |= absl::ConsumePrefix(&name, wrapper);
    }
  }
  if (name.size() > 4 && !absl::ConsumePrefix(&name, "sys_")) {
    absl::ConsumePrefix(&name, "SyS_");
  }
  return name;
}

// The number of letters added, left out or changed; above `most` the exact
// number does not matter.
size_t Slips(absl::string_view a, absl::string_view b, size_t most) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > most) return most + 1;
  std::vector<size_t> row(a.size() + 1);
  for (size_t i = 0; i <= a.size(); i++) row[i] = i;
  for (size_t j = 1; j <= b.size(); j++) {
    size_t diagonal = std::exchange(row[0], j);
    size_t best = row[0];
    for (size_t i = 1; i <= a.size(); i++) {
      const size_t changed = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[i];
      row[i] = std::min({changed, row[i] + 1, row[i - 1] + 1});
      best = std::min(best, row[i]);
    }
    if (best > most) return most + 1;
  }
  return row[a.size()];
}

struct Wanted {
  FunctionKey key;
  absl::string_view core;
  size_t most_slips = 0;
  // By closeness, slips and name.
  std::set<std::tuple<Closeness, size_t, std::string>> found = {};
};

std::optional<std::pair<Closeness, size_t>> Compare(
    const Wanted& wanted, const KernelSymbol& symbol) {
  const absl::string_view name = wanted.key.second;
  if (symbol.object != wanted.key.first) {
    if (symbol.name != name) return std::nullopt;
    return std::pair(kElsewhere, size_t{0});
  }
  if (CoreOf(symbol.name) == wanted.core) return std::pair(kWrapper, size_t{0});
  const size_t slips = Slips(name, symbol.name, wanted.most_slips);
  if (slips > wanted.most_slips) return std::nullopt;
  return std::pair(kSlip, slips);
}

void Take(const KernelSymbol& symbol, Wanted& wanted) {
  const auto closeness = Compare(wanted, symbol);
  if (!closeness) return;
  std::string name(symbol.name);
  if (closeness->first == kElsewhere) {
    absl::StrAppend(&name, symbol.object == kVmlinux ? " of the kernel itself"
                                                     : " of module '");
    if (symbol.object != kVmlinux) absl::StrAppend(&name, symbol.object, "'");
  }
  wanted.found.emplace(closeness->first, closeness->second, std::move(name));
  if (wanted.found.size() > kMostNames) {
    wanted.found.erase(std::prev(wanted.found.end()));
  }
}

bool IsNoise(absl::string_view name) {
  return absl::StrContains(name, ".cold") ||
         std::any_of(std::begin(kNoise), std::end(kNoise),
                     [&](absl::string_view prefix) {
                       return absl::StartsWith(name, prefix);
                     });
}

}  // namespace

CloseNames FindCloseNames(absl::string_view kallsyms,
                          const FunctionSet& unknown) {
  std::vector<Wanted> wanted;
  for (const FunctionKey& key : unknown) {
    const size_t size = key.second.size();
    if (size == 0 || size > kLongestName) continue;
    Wanted one;
    one.key = key;
    one.most_slips = size >= kLongName ? kMostSlips : size >= kShortestName;
    wanted.push_back(std::move(one));
  }
  for (Wanted& one : wanted) one.core = CoreOf(one.key.second);
  ForEachSymbol(kallsyms, [&](const KernelSymbol& symbol) {
    if (!symbol.is_text || IsNoise(symbol.name)) return;
    for (Wanted& one : wanted) Take(symbol, one);
  });
  CloseNames names;
  for (Wanted& one : wanted) {
    std::vector<std::string>& close = names[one.key];
    for (const auto& found : one.found) close.push_back(std::get<2>(found));
  }
  return names;
}

}  // namespace klpx
