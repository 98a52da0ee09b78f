// SPDX-License-Identifier: GPL-2.0
// Does the kernel's log report a fault of the kernel itself?
#include "controller/core/kernel/kernel_trouble.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/ascii.h"
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
// TASK_COMM_LEN, IFNAMSIZ - 1: the longest text that a user can place before
// the kernel's own words in a line.
constexpr size_t kLongestName = 15;
// This is a line of its own, a few lines after the one that names a hung task.
constexpr absl::string_view kHungHint =
    "\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\" disables this "
    "message.";
constexpr int kHungLines = 4;

// How a line starts, and what else it contains ("": anything). Only the start
// identifies a report, because drivers quote these words, too. In a start '#'
// is a number and '*' a word of lower-case letters and '_'.
struct Sign {
  absl::string_view start;
  absl::string_view holds;
};
constexpr Sign kSigns[] = {
    {kCutHere, ""},
    {"------------[ ftrace bug ]------------", ""},
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
    // Reports without a counter, or with only a taint that may be set already.
    {"BUG: workqueue lockup - pool", ""},
    {"BUG: Bad page state in process ", ""},
    {"BUG: Bad page map in process ", ""},
    {"BUG: Bad rss-counter state mm:", ""},
    {"BUG: sleeping function called from invalid context", ""},
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
    {"watchdog: BUG: soft lockup - CPU#", ""},
    {"watchdog: BUG: ", ""},
    {"watchdog: Watchdog detected hard LOCKUP", ""},
    {"watchdog: CPU#: Watchdog detected hard LOCKUP", ""},
    {"NMI watchdog: Watchdog detected hard LOCKUP", ""},
    {"rcu: INFO: * detected stalls on ", ""},
    {"rcu: INFO: * detected expedited stalls on ", ""},
    {"rcu: INFO: * self-detected stall on ", ""},
    {"INFO: * detected stalls on ", ""},
    {"INFO: task ", " blocked "},
    {"INFO: trying to register non-static key", ""},
    {"UBSAN: ", ""},
    {"DEBUG_LOCKS_WARN_ON(", ""},
    {"bad magic number for kernel thread", ""},
    {"ftrace bug: ", ""},
};

bool IsWordLetter(char c) { return absl::ascii_islower(c) || c == '_'; }
bool IsDigit(char c) { return absl::ascii_isdigit(c); }

// How many characters of the line the start matches; 0 if it does not match.
size_t Covers(absl::string_view line, absl::string_view start) {
  size_t at = 0;
  for (const char c : start) {
    if (c != '#' && c != '*') {
      if (at >= line.size() || line[at] != c) return 0;
      at++;
      continue;
    }
    // Some lines contain a literal "CPU#".
    if (c == '#' && at < line.size() && line[at] == '#') {
      at++;
      continue;
    }
    const size_t before = at;
    while (at < line.size() &&
           (c == '#' ? IsDigit(line[at]) : IsWordLetter(line[at]))) {
      at++;
    }
    if (at == before) return 0;
  }
  return at;
}

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
                       return Covers(line, sign.start) > 0 &&
                              absl::StrContains(line, sign.holds);
                     });
}

bool IsTroubleForCertain(absl::string_view line) {
  return std::any_of(std::begin(kSigns), std::end(kSigns),
                     [&](const Sign& sign) {
                       return Covers(line, sign.start) > kLongestName &&
                              absl::StrContains(line, sign.holds);
                     });
}

namespace {

// A name can imitate the first line of a report, but not the second one.
bool IsHungTask(const std::vector<LogRecord>& records, size_t at) {
  if (!absl::StartsWith(records[at].text, "INFO: task ")) return false;
  const size_t end = std::min(records.size(), at + 1 + kHungLines);
  return std::any_of(
      records.begin() + at + 1, records.begin() + end,
      [](const LogRecord& record) { return record.text == kHungHint; });
}

}  // namespace

std::optional<std::string> FindTrouble(absl::string_view kmsg,
                                       absl::string_view patch,
                                       int64_t completed_ns, bool proven) {
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
  for (size_t at = next - records.begin(); at < records.size(); at++) {
    const absl::string_view text = records[at].text;
    if (!(proven ? IsTrouble(text) : IsTroubleForCertain(text)) &&
        !IsHungTask(records, at)) {
      continue;
    }
    // The line after the separator says what it is about.
    const bool says_more = text == kCutHere && at + 1 < records.size();
    return std::string(says_more ? records[at + 1].text : text);
  }
  return std::nullopt;
}

}  // namespace klpx
