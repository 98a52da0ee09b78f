// SPDX-License-Identifier: GPL-2.0
// Does the kernel's log say that the kernel itself went wrong?
#include "controller/core/kernel_trouble.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace klpx {
namespace {

constexpr int64_t kNsPerUs = 1000;
// Priority is facility * 8 + level; the kernel's own facility is 0, which
// user space cannot have.
constexpr int kFacilityShift = 3;
constexpr absl::string_view kCutHere = "------------[ cut here ]------------";

// How a line starts, and what else is in it ("": anything). Only a start makes
// the line the kernel's own: drivers quote these words, too.
struct Sign {
  absl::string_view start;
  absl::string_view holds;
};
constexpr Sign kSigns[] = {
    {kCutHere, ""},
    // 6.12: "WARNING: CPU: 0 PID: 1 at file.c:1"; later: "WARNING: file.c:1 at
    // function+0x1/0x2, CPU#0: comm/1".
    {"WARNING: CPU: ", " PID: "},
    {"WARNING: ", ", CPU#"},
    {"WARNING: possible ", ""},
    {"WARNING: suspicious RCU usage", ""},
    {"WARNING: inconsistent lock state", ""},
    {"WARNING: bad unlock balance", ""},
    {"WARNING: held lock freed", ""},
    {"WARNING: lock held when returning", ""},
    {"WARNING: Nested lock was not taken", ""},
    {"BUG: ", ""},
    {"kernel BUG at ", ""},
    {"Oops: ", ""},
    {"Kernel panic - ", ""},
    {"Unable to handle kernel ", ""},
    {"general protection fault", " [#"},
    {"general protection fault, probably", ""},
    {"invalid opcode: ", " [#"},
    {"int3: ", " [#"},
    {"stack segment: ", " [#"},
    {"control protection: ", " [#"},
    {"double fault: ", " [#"},
    {"watchdog: BUG: ", ""},
    {"watchdog: Watchdog detected hard LOCKUP", ""},
    {"watchdog: CPU", "hard LOCKUP"},
    {"NMI watchdog: Watchdog detected hard LOCKUP", ""},
    {"rcu: INFO: ", " stall"},
    {"rcu: INFO: ", "-detected stall"},
    {"INFO: rcu", " stall"},
    {"INFO: task ", " blocked for more than "},
    {"INFO: trying to register non-static key", ""},
    {"UBSAN: ", ""},
    {"DEBUG_LOCKS_WARN_ON(", ""},
    {"bad magic number for kernel thread", ""},
    {"ftrace bug: ", ""},
};

struct LogRecord {
  int64_t time_ns = 0;
  absl::string_view text;
};

// Records of the kernel itself, oldest first; "4,1234,567890,-;text", then
// lines that start with a blank and belong to it.
std::vector<LogRecord> KernelRecords(absl::string_view kmsg) {
  std::vector<LogRecord> records;
  for (const absl::string_view line : absl::StrSplit(kmsg, '\n')) {
    const size_t semicolon = line.find(';');
    if (semicolon == line.npos || absl::StartsWith(line, " ")) continue;
    const std::vector<absl::string_view> head =
        absl::StrSplit(line.substr(0, semicolon), ',');
    int priority = 0;
    int64_t time_us = 0;
    if (head.size() < 3 || !absl::SimpleAtoi(head[0], &priority) ||
        !absl::SimpleAtoi(head[2], &time_us)) {
      continue;
    }
    if (priority < 0 || (priority >> kFacilityShift) != 0) continue;
    if (time_us < 0 || time_us > INT64_MAX / kNsPerUs) continue;
    records.push_back({time_us * kNsPerUs, line.substr(semicolon + 1)});
  }
  return records;
}

bool IsCompletion(absl::string_view line, absl::string_view patch) {
  if (!absl::ConsumePrefix(&line, "klpx: ") &&
      !absl::ConsumePrefix(&line, "livepatch: ")) {
    return false;
  }
  return line == absl::StrCat("'", patch, "': patching complete");
}

}  // namespace

bool IsTrouble(absl::string_view line) {
  return std::any_of(std::begin(kSigns), std::end(kSigns),
                     [&](const Sign& sign) {
                       return absl::StartsWith(line, sign.start) &&
                              absl::StrContains(line, sign.holds);
                     });
}

std::optional<std::string> FindTrouble(absl::string_view kmsg,
                                       absl::string_view patch,
                                       int64_t completed_ns) {
  const std::vector<LogRecord> records = KernelRecords(kmsg);
  const auto last = std::find_if(records.rbegin(), records.rend(),
                                 [&](const LogRecord& record) {
                                   return IsCompletion(record.text, patch);
                                 });
  auto next = last.base();
  if (last == records.rend()) {
    next = std::find_if(records.begin(), records.end(),
                        [&](const LogRecord& record) {
                          return record.time_ns >= completed_ns;
                        });
  }
  const auto found = std::find_if(
      next, records.end(),
      [](const LogRecord& record) { return IsTrouble(record.text); });
  if (found == records.end()) return std::nullopt;
  // What it is about stands in the line after the one that separates.
  const bool says_more =
      found->text == kCutHere && std::next(found) != records.end();
  return std::string(says_more ? std::next(found)->text : found->text);
}

}  // namespace klpx
