// SPDX-License-Identifier: GPL-2.0
// Why the kernel refused to load or to remove a module.
#include "controller/ops/patch/refusal.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"
#include "controller/core/kernel/file_parsers.h"
#include "controller/ops/history/forced.h"
#include "controller/ops/kernel/read_facts.h"
#include "controller/sys/io/errno_status.h"
#include "controller/sys/proc/sysfs.h"

namespace klpx {
namespace {

constexpr absl::string_view kLive = "live";

// The kind of a refusal and a sentence about it.
struct Reason {
  ErrorKind kind;
  std::string why;
};

bool IsSignatureErrno(int error_number) {
  return error_number == ENOKEY || error_number == EKEYREJECTED ||
         error_number == EKEYEXPIRED || error_number == EKEYREVOKED;
}

// "live", "coming", "going"; "" if there is no such module.
std::string StateOf(Kernel& kernel, const std::string& module) {
  const auto state =
      kernel.ReadFile(absl::StrCat("/sys/module/", module, "/initstate"));
  return state.ok() ? std::string(absl::StripAsciiWhitespace(*state)) : "";
}

// The first line of the log with a known reason, else the first line.
Reason FromLog(const std::vector<std::string>& complaints, ErrorKind kind) {
  if (complaints.empty()) {
    return {kind, "the kernel log (dmesg) may say more"};
  }
  for (const std::string& line : complaints) {
    const ErrorKind logged = KindOfLogLine(line);
    if (logged != ErrorKind::kFailure) return {logged, line};
  }
  return {kind, complaints.front()};
}

// What to do about a missing symbol depends on the module that should have it.
std::string SymbolAdvice(Kernel& kernel, const PatchFile& file,
                         absl::string_view line) {
  const std::string symbol = SymbolOfLogLine(line);
  if (absl::StartsWith(symbol, "klpx_")) {
    return "rebuild it against the klpx.ko that is loaded";
  }
  if (absl::StrContains(line, "disagrees about version")) {
    return absl::StrCat(
        "rebuild it against the headers of this kernel, and of "
        "the module that has '",
        symbol, "'");
  }
  const LoadingFacts facts = ReadLoadingFacts(kernel, file);
  const auto& missing = facts.missing_symbols;
  if (std::find(missing.begin(), missing.end(), symbol) == missing.end()) {
    return absl::StrCat("'", symbol,
                        "' may not be exported to it (a licence, a namespace); "
                        "rebuild it for this kernel");
  }
  return WhyNotLoadable(facts);
}

Reason OfBusy(Kernel& kernel, const PatchFile& file) {
  const auto moving = FindTransition(kernel, file.engine);
  if (moving) {
    return {ErrorKind::kTransitionRunning,
            absl::StrCat("patch '", moving->name, "' is in transition (",
                         StateWord(*moving), ")")};
  }
  const std::string state = StateOf(kernel, file.module);
  if (!state.empty() && state != kLive) {
    return {ErrorKind::kFailure,
            absl::StrCat("a module of this name is ", state,
                         " (initstate); try again")};
  }
  return {ErrorKind::kFailure,
          "no patch is in transition, and the kernel log (dmesg) says no "
          "reason"};
}

// The reason for a refusal about which the log says nothing.
Reason FromErrno(Kernel& kernel, const PatchFile& file, int error_number) {
  if (error_number == EBUSY) return OfBusy(kernel, file);
  if (IsSignatureErrno(error_number)) {
    return {ErrorKind::kRefused, "its signature was not accepted"};
  }
  if (error_number == EPERM) {
    const LoadingFacts facts = ReadLoadingFacts(kernel, file);
    const std::string why = WhyNotLoadable(facts);
    if (!why.empty()) return {ErrorKind::kRefused, why};
    return {ErrorKind::kRefused,
            absl::StrCat("kernel.modules_disabled ",
                         facts.may_load ? "and CAP_SYS_MODULE are" : "is",
                         " not the reason; a security module (LSM) may be")};
  }
  return FromLog({}, ErrorKind::kFailure);
}

}  // namespace

absl::Status WhyNotLoaded(Kernel& kernel, const PatchFile& file,
                          const LoadOutcome& outcome) {
  const int error_number = ErrnoOf(outcome.status);
  Reason reason = outcome.complaints.empty()
                      ? FromErrno(kernel, file, error_number)
                      : FromLog(outcome.complaints, KindOf(outcome.status));
  if (reason.kind == ErrorKind::kFailure && error_number == EBUSY &&
      FindTransition(kernel, file.engine)) {
    reason.kind = ErrorKind::kTransitionRunning;
  }
  if (reason.kind == ErrorKind::kNoEngine) {
    absl::StrAppend(&reason.why, "; ", SymbolAdvice(kernel, file, reason.why));
    if (!absl::StartsWith(SymbolOfLogLine(reason.why), "klpx_")) {
      reason.kind = ErrorKind::kRefused;
    }
  }
  return Error(reason.kind, "the kernel rejected the module (",
               outcome.status.message(), "): ", reason.why);
}

std::string WhyBusy(Kernel& kernel, Recorder& recorder,
                    const std::string& module) {
  const auto holders =
      kernel.ListDirectory(absl::StrCat("/sys/module/", module, "/holders"));
  if (holders.ok() && !holders->empty()) {
    return absl::StrCat("it is used by ", absl::StrJoin(*holders, ", "));
  }
  const std::string state = StateOf(kernel, module);
  if (!state.empty() && state != kLive) {
    return absl::StrCat("it is ", state, " (initstate)");
  }
  const std::optional<uint64_t> users = RefCount(kernel, module);
  if (!users) return "its reference count is not known";
  if (*users == 0) {
    return "nothing uses it any more, so it has no module_exit(); only a "
           "reboot removes it";
  }
  std::vector<PatchState> one(1);
  one.front().name = module;
  MarkForced(recorder, one);
  for (const ForceMark& mark : one.front().forces) {
    if (!mark.out_of_it) continue;
    return absl::StrCat(Count(*users, "reference"),
                        " left: ", Count(mark.tasks, "task"),
                        " forced out of it may still run its code, so only a "
                        "reboot removes it");
  }
  return absl::StrCat(
      Count(*users, "reference"),
      " left, but not from another module: what holds it is not "
      "known");
}

}  // namespace klpx
