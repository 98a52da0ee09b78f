// SPDX-License-Identifier: GPL-2.0
#include "controller/cli/flags.h"

#include "absl/strings/str_cat.h"
#include "controller/cli/verbs.h"
#include "controller/core/text.h"

namespace klpx {
namespace {

constexpr Flag kFlags[] = {
    {kStarts, "--no-wait", "", Value::kText, false,
     "Do not wait for the transition to end",
     [](Arguments& a) -> Slot { return &a.no_wait; }},
    {kWaits | kRestores, "--timeout", "TIME", Value::kDuration, false,
     "Wait no longer than this (30, 30s, 5m), then exit with 3",
     [](Arguments& a) -> Slot { return &a.timeout; }},
    {kWaits, "--reverse-on-timeout", "", Value::kText, false,
     "Then reverse the transition and exit with 7",
     [](Arguments& a) -> Slot { return &a.reverse_on_timeout; }},
    {kWaits, "--allow-force", "", Value::kText, false,
     "Let the policy's deadline force the patches that it names",
     [](Arguments& a) -> Slot { return &a.may_force; }},
    {kLoads, "--klpx-module", "FILE", Value::kFile, false,
     "klpx.ko to load if none is loaded",
     [](Arguments& a) -> Slot { return &a.klpx_module; }},
    {kLoads, "--dry-run", "", Value::kText, false,
     "Only say whether it would be refused",
     [](Arguments& a) -> Slot { return &a.dry_run; }},
    {kLoads, "--no-gate", "", Value::kText, false,
     "Do not watch the machine by [health] of the policy",
     [](Arguments& a) -> Slot { return &a.no_gate; }},
    {kPicksTask, "--task", "TID", Value::kText, false, "Only this thread (TID)",
     [](Arguments& a) -> Slot { return &a.task; }},
    {kConfirms, "--i-understand", "", Value::kText, false,
     "Accept what forcing costs",
     [](Arguments& a) -> Slot { return &a.understood; }},
    {kLists, "--functions", "", Value::kText, false,
     "One function a row, with its newest version",
     [](Arguments& a) -> Slot { return &a.functions; }},
    {kFilters, "-p,--pid", "PID", Value::kText, false,
     "Only threads of this process",
     [](Arguments& a) -> Slot { return &a.pid; }},
    {kFilters, "-t,--tid", "TID", Value::kText, false, "Only this thread",
     [](Arguments& a) -> Slot { return &a.tid; }},
    {kFilters, "--watch", "", Value::kText, false, "Repeat until it has ended",
     [](Arguments& a) -> Slot { return &a.watch; }},
    {kFilters, "-d,--delay", "SECONDS", Value::kDuration, false,
     "Seconds between two looks with --watch",
     [](Arguments& a) -> Slot { return &a.delay; }},
    {kRemembers, "--patch", "NAME", Value::kPatch, false, "Only of this patch",
     [](Arguments& a) -> Slot { return &a.history.patch; }},
    {kRemembers, "--since", "TIME", Value::kText, false,
     "Begun at or after this ('2h' or '7d' ago, '2026-11-20')",
     [](Arguments& a) -> Slot { return &a.history.since; }},
    {kRemembers, "--until", "TIME", Value::kText, false,
     "Begun at or before this",
     [](Arguments& a) -> Slot { return &a.history.until; }},
    {kRemembers, "--outcome", "WORD", Value::kText, false,
     "Only those that ended so ('reversed')",
     [](Arguments& a) -> Slot { return &a.history.outcome; }},
    {kRemembers, "--forced", "", Value::kText, false, "Only with forced tasks",
     [](Arguments& a) -> Slot { return &a.history.forced; }},
    {kRemembers, "-n,--limit", "N", Value::kText, false,
     "Only the newest so many",
     [](Arguments& a) -> Slot { return &a.history.limit; }},
    {kPicksRecord, "ID", "", Value::kText, true, "As 'history' shows it",
     [](Arguments& a) -> Slot { return &a.id; }},
    {kReadsFile, "--file", "FILE", Value::kFile, false,
     "Another history than this machine's",
     [](Arguments& a) -> Slot { return &a.history.file; }},
    {kActs, "ACTION", "", Value::kText, false,
     "show, check, apply, load (a BPF object), unload",
     [](Arguments& a) -> Slot { return &a.action; }},
    {kActs, "FILE", "", Value::kFile, false,
     "Instead of /etc/klpx/policy.toml; for load, the object",
     [](Arguments& a) -> Slot { return &a.file; }},
    {kAccepts, "--list", "", Value::kText, false, "Show what is accepted",
     [](Arguments& a) -> Slot { return &a.accept.list; }},
    {kAccepts, "--revoke", "", Value::kText, false, "Take it back",
     [](Arguments& a) -> Slot { return &a.accept.revoke; }},
    {kAccepts, "--import-kpatch", "", Value::kText, false,
     "Look at what kpatch has installed; PATCH is a directory then, "
     "/var/lib/kpatch if none is given",
     [](Arguments& a) -> Slot { return &a.accept.import; }},
    {kAccepts, "--take", "", Value::kText, false, "And accept what can be",
     [](Arguments& a) -> Slot { return &a.accept.take; }},
    {kRestores, "--retry", "PATCH", Value::kPatch, false,
     "Only this patch, also if the guard keeps it out",
     [](Arguments& a) -> Slot { return &a.restore.retry; }},
    {kRestores, "--settle", "", Value::kText, false,
     "Load nothing; let marks of the guard go that may",
     [](Arguments& a) -> Slot { return &a.restore.settle; }},
    {kWritesFile, "FILE", "", Value::kFile, false,
     "Where to (.tar.gz); there must be none yet",
     [](Arguments& a) -> Slot { return &a.file; }},
    {kScreen, "--replay", "ID", Value::kText, false,
     "Show this transition of the history",
     [](Arguments& a) -> Slot { return &a.top.replay; }},
    {kScreen, "--file", "FILE", Value::kFile, false, "Replay from this history",
     [](Arguments& a) -> Slot { return &a.top.file; }},
    {kScreen, "--no-color", "", Value::kText, false,
     "No colours (also: NO_COLOR)",
     [](Arguments& a) -> Slot { return &a.top.no_color; }},
    {kScreen, "-d,--delay", "SECONDS", Value::kDuration, false,
     "Seconds between two looks",
     [](Arguments& a) -> Slot { return &a.delay; }},
};

}  // namespace

absl::Span<const Flag> Flags() { return kFlags; }

std::string CheckDuration(const std::string& text) {
  return ParseTimeout(text) ? "" : absl::StrCat("not a duration: ", text);
}

}  // namespace klpx
