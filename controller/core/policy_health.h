// SPDX-License-Identifier: GPL-2.0
// The [health] section of policy.toml.
#ifndef KLPX_CONTROLLER_CORE_POLICY_HEALTH_H_
#define KLPX_CONTROLLER_CORE_POLICY_HEALTH_H_

#include "controller/core/health.h"
#include "controller/core/toml_section.h"

namespace klpx {

// Without the section: no gate.
HealthPolicy ReadHealth(const toml::table& root, Problems& problems);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_POLICY_HEALTH_H_
