// SPDX-License-Identifier: GPL-2.0
// Transitions as the history has them in JSON.
#ifndef KLPX_TESTS_UNIT_CORE_PUBLISH_TRANSITION_SAMPLES_H_
#define KLPX_TESTS_UNIT_CORE_PUBLISH_TRANSITION_SAMPLES_H_

#include <vector>

#include "controller/core/base/json.h"

namespace klpx {

inline Json Transition(int id, const char* outcome, int took_ms) {
  return {{"id", id},           {"boot_id", "b"},
          {"patch", "fix"},     {"direction", "patching"},
          {"outcome", outcome}, {"took_ms", took_ms},
          {"reversals", 1},     {"signals", 2},
          {"forced", 0}};
}

inline Json HistoryOf(std::vector<Json> transitions) {
  return {{"transitions", transitions}};
}

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_CORE_PUBLISH_TRANSITION_SAMPLES_H_
