// SPDX-License-Identifier: GPL-2.0
#include "controller/core/policy/policy_rows.h"

#include <algorithm>
#include <cstring>

#include "controller/core/base/error.h"

namespace klpx {
namespace {

klpx_pattern RowPattern(const NamePattern& pattern) {
  klpx_pattern row = {};
  row.length = static_cast<uint32_t>(
      std::min(pattern.text.size(), sizeof(row.text) - 1));
  row.is_prefix = pattern.is_prefix;
  std::memcpy(row.text, pattern.text.data(), row.length);
  return row;
}

klpx_step RowStep(const PolicyStep& step) {
  klpx_step row = {};
  row.after_ms = absl::ToInt64Milliseconds(step.after);
  row.every_ms = absl::ToInt64Milliseconds(step.every);
  row.at_most = step.at_most;
  row.push = step.push;
  return row;
}

klpx_rule CommonRow(const PolicyRule& rule, uint32_t index) {
  klpx_rule row = {};
  row.classes = rule.classes;
  row.reasons = rule.reasons;
  row.index = index;
  row.steps = static_cast<uint32_t>(rule.steps.size());
  for (size_t i = 0; i < rule.steps.size(); ++i) {
    row.step[i] = RowStep(rule.steps[i]);
  }
  return row;
}

// Copies each row once per element, and calls `set` on each copy.
template <typename Element, typename Set>
std::vector<klpx_rule> Multiply(const std::vector<klpx_rule>& rows,
                                const std::vector<Element>& elements, Set set) {
  std::vector<klpx_rule> product;
  for (const klpx_rule& row : rows) {
    for (const Element& element : elements) {
      product.push_back(row);
      set(product.back(), element);
    }
  }
  return product;
}

template <typename Element>
std::vector<Element> OrAny(const std::vector<Element>& elements, Element any) {
  return elements.empty() ? std::vector<Element>{any} : elements;
}

std::vector<uint64_t> IdsOf(const PolicyRule& rule, const CgroupIds& cgroups) {
  std::vector<uint64_t> ids;
  for (const std::string& path : rule.cgroups) {
    const auto found = cgroups.find(path);
    if (found != cgroups.end()) ids.push_back(found->second);
  }
  return ids;
}

std::vector<klpx_rule> RowsOf(const PolicyRule& rule, uint32_t index,
                              const CgroupIds& cgroups) {
  const NamePattern any = {"", /*is_prefix=*/true};
  std::vector<klpx_rule> rows = {CommonRow(rule, index)};
  rows = Multiply(rows, OrAny(rule.uids, UidRange()),
                  [](klpx_rule& row, const UidRange& uids) {
                    row.uid_first = uids.first;
                    row.uid_last = uids.last;
                  });
  rows = Multiply(rows, OrAny(rule.comms, any),
                  [](klpx_rule& row, const NamePattern& pattern) {
                    row.comm = RowPattern(pattern);
                  });
  rows = Multiply(rows, OrAny(rule.patches, any),
                  [](klpx_rule& row, const NamePattern& pattern) {
                    row.patch = RowPattern(pattern);
                  });
  if (rule.cgroups.empty()) return rows;
  return Multiply(rows, IdsOf(rule, cgroups),
                  [](klpx_rule& row, uint64_t id) { row.cgroup = id; });
}

}  // namespace

size_t CountRows(const PolicyRule& rule) {
  size_t rows = 1;
  for (const size_t list : {rule.uids.size(), rule.comms.size(),
                            rule.patches.size(), rule.cgroups.size()}) {
    const size_t factor = std::max<size_t>(list, 1);
    rows = rows > SIZE_MAX / factor ? SIZE_MAX : rows * factor;
  }
  return rows;
}

size_t CountRows(const Policy& policy) {
  size_t sum = 0;
  for (const PolicyRule& rule : policy.rules) {
    const size_t rows = CountRows(rule);
    sum = sum > SIZE_MAX - rows ? SIZE_MAX : sum + rows;
  }
  return sum;
}

std::vector<std::string> CgroupsOf(const Policy& policy) {
  std::vector<std::string> paths;
  for (const PolicyRule& rule : policy.rules) {
    paths.insert(paths.end(), rule.cgroups.begin(), rule.cgroups.end());
  }
  return paths;
}

absl::StatusOr<std::vector<klpx_rule>> PolicyRows(const Policy& policy,
                                                  const CgroupIds& cgroups) {
  // Checked before they are built, as three short lists can fill any memory.
  if (CountRows(policy) > KLPX_RULES_MAX) {
    return Error(ErrorKind::kBadPolicy, "the rules make ", CountRows(policy),
                 " combinations of comm, uid, cgroup and patch, at most ",
                 KLPX_RULES_MAX, " are possible");
  }
  std::vector<klpx_rule> rows;
  for (size_t i = 0; i < policy.rules.size(); ++i) {
    const std::vector<klpx_rule> made =
        RowsOf(policy.rules[i], static_cast<uint32_t>(i), cgroups);
    rows.insert(rows.end(), made.begin(), made.end());
  }
  return rows;
}

}  // namespace klpx
