// SPDX-License-Identifier: GPL-2.0
// The words of policy.toml, for its reader and for its report.
#ifndef KLPX_CONTROLLER_CORE_POLICY_POLICY_WORDS_H_
#define KLPX_CONTROLLER_CORE_POLICY_POLICY_WORDS_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "controller/core/policy/policy.h"

namespace klpx {

template <typename Value>
struct Word {
  absl::string_view word;
  Value value;
};

inline constexpr Word<uint32_t> kClassWords[] = {
    {"user", KLPX_CLASS_USER},
    {"kthread", KLPX_CLASS_KTHREAD},
    {"io-worker", KLPX_CLASS_IO_WORKER}};

inline constexpr Word<uint32_t> kReasonWords[] = {
    {"running", 1U << KLPX_RUNNING},
    {"on-function", 1U << KLPX_ON_FUNCTION},
    {"unreliable-stack", 1U << KLPX_UNRELIABLE_STACK},
    {"stopped-or-traced", 1U << KLPX_STOPPED},
    {"uninterruptible", 1U << KLPX_UNINTERRUPTIBLE},
    {"exiting", 1U << KLPX_EXITING}};

inline constexpr Word<klpx_push> kPushWords[] = {{"wait", KLPX_PUSH_WAIT},
                                                 {"kick", KLPX_PUSH_KICK},
                                                 {"signal", KLPX_PUSH_SIGNAL}};

inline constexpr Word<PolicyDeadline::Then> kThenWords[] = {
    {"wait", PolicyDeadline::Then::kWait},
    {"reverse", PolicyDeadline::Then::kReverse},
    {"force", PolicyDeadline::Then::kForce}};

// "unknown" for a value without a word.
template <typename Value, size_t n>
constexpr absl::string_view WordFor(const Word<Value> (&words)[n],
                                    Value value) {
  for (const Word<Value>& word : words) {
    if (word.value == value) return word.word;
  }
  return "unknown";
}

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_POLICY_POLICY_WORDS_H_
