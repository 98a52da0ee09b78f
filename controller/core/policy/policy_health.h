// SPDX-License-Identifier: GPL-2.0
// The [health] section of policy.toml.
#ifndef KLPX_CONTROLLER_CORE_POLICY_POLICY_HEALTH_H_
#define KLPX_CONTROLLER_CORE_POLICY_POLICY_HEALTH_H_

#include "controller/core/base/toml_section.h"
#include "controller/core/policy/health.h"

namespace klpx {

// Without the section: no check.
HealthPolicy ReadHealth(const toml::table& root, Problems& problems);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_POLICY_POLICY_HEALTH_H_
