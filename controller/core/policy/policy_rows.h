// SPDX-License-Identifier: GPL-2.0
// The rows of the BPF map klp_rules that express a policy: one row for each
// combination of the elements of a rule's lists.
#ifndef KLPX_CONTROLLER_CORE_POLICY_POLICY_ROWS_H_
#define KLPX_CONTROLLER_CORE_POLICY_POLICY_ROWS_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "controller/core/policy/policy.h"

namespace klpx {

// By path; a cgroup that is missing here does not exist at present.
using CgroupIds = absl::flat_hash_map<std::string, uint64_t>;

// Every cgroup that the policy names.
std::vector<std::string> CgroupsOf(const Policy& policy);

// How many rows the rules make if every cgroup exists. The product of a rule's
// lists is computed without building it. At most SIZE_MAX.
size_t CountRows(const PolicyRule& rule);
size_t CountRows(const Policy& policy);

// A cgroup that does not exist has no tasks, so it makes no row. Fails if there
// are more rows than the map can hold.
absl::StatusOr<std::vector<klpx_rule>> PolicyRows(const Policy& policy,
                                                  const CgroupIds& cgroups);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_POLICY_POLICY_ROWS_H_
