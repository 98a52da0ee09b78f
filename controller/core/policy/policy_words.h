// SPDX-License-Identifier: GPL-2.0
// The words of policy.toml, for its reader and for its report.
#ifndef KLPX_CONTROLLER_CORE_POLICY_POLICY_WORDS_H_
#define KLPX_CONTROLLER_CORE_POLICY_POLICY_WORDS_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "controller/core/base/text.h"
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

constexpr Word<uint32_t> ReasonBit(klpx_reason reason) {
  return {ReasonWord(reason), 1U << reason};
}
inline constexpr Word<uint32_t> kReasonWords[] = {
    ReasonBit(KLPX_RUNNING),          ReasonBit(KLPX_ON_FUNCTION),
    ReasonBit(KLPX_UNRELIABLE_STACK), ReasonBit(KLPX_STOPPED),
    ReasonBit(KLPX_UNINTERRUPTIBLE),  ReasonBit(KLPX_EXITING)};

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
