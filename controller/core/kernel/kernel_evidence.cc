// SPDX-License-Identifier: GPL-2.0
// Evidence of trouble that only the kernel can produce.
#include "controller/core/kernel/kernel_evidence.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace klpx {
namespace {

constexpr absl::string_view kTaintWord = "taint";

struct TaintBit {
  int bit;
  char letter;
};
// include/linux/panic.h; the numbers are ABI (admin-guide/tainted-kernels).
// Machine checks (M) are faults of the hardware, not of a patch.
constexpr TaintBit kTaintBits[] = {{5, 'B'}, {7, 'D'}, {9, 'W'}, {14, 'L'}};

}  // namespace

uint64_t TroubleTaint(absl::string_view text) {
  uint64_t taint = 0;
  if (!absl::SimpleAtoi(text, &taint)) return 0;
  uint64_t mask = 0;
  for (const TaintBit& one : kTaintBits) mask |= uint64_t{1} << one.bit;
  return taint & mask;
}

std::string EvidenceText(const KernelEvidence& evidence) {
  std::string text = absl::StrCat(kTaintWord, "=", evidence.taint);
  for (const auto& [name, count] : evidence.counts) {
    absl::StrAppend(&text, " ", name, "=", count);
  }
  return text;
}

KernelEvidence ParseEvidence(absl::string_view text) {
  KernelEvidence evidence;
  for (const absl::string_view word :
       absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(word, absl::MaxSplits('=', 1));
    uint64_t number = 0;
    if (!absl::SimpleAtoi(pair.second, &number)) continue;
    if (pair.first == kTaintWord) {
      evidence.taint = number;
    } else {
      evidence.counts[std::string(pair.first)] = number;
    }
  }
  return evidence;
}

std::string Gained(const KernelEvidence& before, const KernelEvidence& now) {
  std::vector<std::string> gained;
  for (const auto& [name, count] : now.counts) {
    const auto old = before.counts.find(name);
    if (old == before.counts.end() || count <= old->second) continue;
    gained.push_back(absl::StrCat(name, " ", old->second, " -> ", count));
  }
  std::string letters;
  for (const TaintBit& one : kTaintBits) {
    if ((now.taint & ~before.taint) >> one.bit & 1) letters += one.letter;
  }
  if (!letters.empty()) gained.push_back(absl::StrCat("tainted ", letters));
  return absl::StrJoin(gained, ", ");
}

}  // namespace klpx
