// SPDX-License-Identifier: GPL-2.0
#include "controller/cli/verbs.h"

#include <klpx/version.h>

#include "absl/strings/str_split.h"
#include "controller/core/base/text.h"
#include "controller/daemon/daemon.h"
#include "controller/tui/top.h"
#include "controller/verbs/several.h"
#include "controller/verbs/verbs.h"
#include "controller/web/serve.h"

namespace klpx {
namespace {

constexpr Verb kVerbs[] = {
    {"enable", "load", VerbGroup::kChange, PatchArgument::kSeveral,
     kLoads | kStarts | kWaits | kReadsModule,
     "Load a patch (.ko file) and move every task to it", "enable fix.ko",
     "load it, wait until it is enabled",
     [](Context& context, const Arguments& a) {
       return RunEnableEach(context, a.patches, a.all,
                            {"", a.klpx_module, a.dry_run, a.wait,
                             /*mark_required=*/false, /*bytes=*/{}, a.engine});
     }},
    {"disable", "", VerbGroup::kChange, PatchArgument::kSeveral,
     kStarts | kWaits | kTakesAll,
     "Move every task off a patch; its module stays loaded",
     "disable --timeout 30 fix", "exit with 3 if it takes longer",
     [](Context& context, const Arguments& a) {
       return RunDisableEach(context, a.patches, a.all, a.wait);
     }},
    {"unload", "remove", VerbGroup::kChange, PatchArgument::kSeveral,
     kWaits | kTakesAll,
     "Disable a patch and remove its module ('klpx': the engine)", "unload fix",
     "undo the enable",
     [](Context& context, const Arguments& a) {
       return RunUnloadEach(context, a.patches, a.all, a.wait);
     }},
    {"reverse", "", VerbGroup::kChange, PatchArgument::kOptional,
     kStarts | kWaits, "Reverse a transition: move every task back", "reverse",
     "undo what is not complete",
     [](Context& context, const Arguments& a) {
       return RunReverse(context, {a.patch, a.wait});
     }},
    {"signal", "", VerbGroup::kChange, PatchArgument::kOptional, kPicksTask,
     "Send blocking tasks a fake signal: they leave the kernel for a moment",
     "signal", "signal the tasks that block",
     [](Context& context, const Arguments& a) {
       return RunSignal(context, {a.patch, a.task});
     }},
    {"force", "", VerbGroup::kChange, PatchArgument::kOptional,
     kPicksTask | kConfirms, "Switch blocking tasks without checks; dangerous",
     "force fix --task 4711", "show the risk; force nothing",
     [](Context& context, const Arguments& a) {
       return RunForce(context.supervisor(), {a.patch, a.task, a.understood});
     }},
    {"wait", "", VerbGroup::kChange, PatchArgument::kOptional, kWaits,
     "Wait until a transition has ended", "wait --timeout 5m",
     "until nothing is in transition",
     [](Context& context, const Arguments& a) {
       return RunWait(context, {a.patch, a.wait});
     }},
    {"policy", "", VerbGroup::kChange, PatchArgument::kNone, kActs,
     "Show, check or change what is done about tasks that block",
     "policy apply rules.toml", "works during a transition too",
     [](Context& context, const Arguments& a) {
       return RunPolicy(context, {a.action, a.file});
     }},
    {"adopt", "", VerbGroup::kChange, PatchArgument::kNone, kAdopts,
     "Show or set whether klpx runs patches of the kernel's livepatch",
     "adopt on", "those enabled from now on run on klpx",
     [](Context& context, const Arguments& a) {
       return RunAdopt(context, {a.adopt, a.klpx_module});
     }},
    {"status", "show", VerbGroup::kLook, PatchArgument::kOptional, kNoFlags,
     "Show patches in detail, and where a transition stands", "status fix",
     "one patch in detail",
     [](Context& context, const Arguments& a) {
       return RunStatus(context, a.patch);
     }},
    {"list", "", VerbGroup::kLook, PatchArgument::kNone, kLists,
     "List patches in stack order, or the functions they replace",
     "list --functions", "which version of a function runs",
     [](Context& context, const Arguments& a) {
       return RunList(context, {a.functions});
     }},
    {"blocking", "", VerbGroup::kLook, PatchArgument::kOptional, kFilters,
     "Show the tasks that hold up a transition, and why", "blocking -v",
     "what holds it up, with stacks",
     [](Context& context, const Arguments& a) {
       return RunBlocking(context, {a.patch, a.pid, a.tid, a.watch, a.all,
                                    *ParseTimeout(a.delay)});
     }},
    {"top", "", VerbGroup::kLook, PatchArgument::kNone, kScreen,
     "Watch a transition on the terminal, and act on it", "top",
     "what blocks, live; '?' shows the keys",
     [](Context& context, const Arguments& a) {
       TopOptions options = a.top;
       options.interval = *ParseTimeout(a.delay);
       return RunTop(context, options);
     }},
    {"preflight", "", VerbGroup::kLook, PatchArgument::kSeveral, kReadsModule,
     "Check a .ko file against this kernel and predict its transition",
     "preflight fix.ko", "can it be applied, and what would block it",
     [](Context& context, const Arguments& a) {
       return RunPreflightEach(context, a.patches);
     }},
    {"info", "", VerbGroup::kLook, PatchArgument::kRequired, kReadsModule,
     "Show everything about a patch, loaded or not", "info fix.ko",
     "what it would replace",
     [](Context& context, const Arguments& a) {
       return RunInfo(context, a.patch);
     }},
    {"history", "log", VerbGroup::kLook, PatchArgument::kNone,
     kRemembers | kReadsFile, "List past transitions and how they ended",
     "history --since 7d", "those of the past week",
     [](Context& context, const Arguments& a) {
       return RunHistory(context, a.history);
     }},
    {"explain", "", VerbGroup::kLook, PatchArgument::kNone,
     kPicksRecord | kReadsFile, "Tell the story of one past transition",
     "explain", "the newest: what, when, why, how it ended",
     [](Context& context, const Arguments& a) {
       return RunExplain(context, {a.record, a.history.file});
     }},
    {"check", "", VerbGroup::kLook, PatchArgument::kNone, kNoFlags,
     "Exit with 0 if nothing is in transition, 1 otherwise",
     "check && echo settled", "for scripts",
     [](Context& context, const Arguments&) { return RunCheck(context); }},
    {"report", "", VerbGroup::kLook, PatchArgument::kNone, kWritesFile,
     "Write everything needed to debug a stuck transition into one file",
     "report", "for a ticket: klpx-report-HOST-TIME.tar.gz",
     [](Context& context, const Arguments& a) {
       return RunReport(context, {a.file});
     }},
    {"accept", "install", VerbGroup::kBoot, PatchArgument::kOptional,
     kAccepts | kReadsModule,
     "Mark a patch as good: it is loaded at boot from now on", "accept fix",
     "after it has run well for a while",
     [](Context& context, const Arguments& a) {
       return RunAccept(context, a.patch, a.accept);
     }},
    {"uninstall", "", VerbGroup::kBoot, PatchArgument::kRequired, kNoFlags,
     "Stop loading a patch at boot ('accept --revoke')", "uninstall fix",
     "it stays enabled until the reboot",
     [](Context& context, const Arguments& a) {
       AcceptOptions options;
       options.revoke = true;
       return RunAccept(context, a.patch, options);
     }},
    {"restore", "", VerbGroup::kBoot, PatchArgument::kNone, kRestores,
     "Load the accepted patches (at boot: klpx-restore.service)", "restore",
     "those that are not enabled yet",
     [](Context& context, const Arguments& a) {
       return RunRestore(context, a.wait.timeout, a.restore);
     }},
    {"daemon", "", VerbGroup::kService, PatchArgument::kNone, kNoFlags,
     "Look after every transition: policy, deadline, history, snapshot",
     "daemon", "what klpx-daemon.service runs",
     [](Context& context, const Arguments&) {
       return RunDaemon(context, KLPX_VERSION);
     }},
    {"serve", "", VerbGroup::kService, PatchArgument::kNone, kServes,
     "Show the patches on a web page, read-only, and as JSON and metrics",
     "serve", "then 'ssh -L 14917:/run/klpx/web.sock HOST'",
     [](Context& context, const Arguments& a) {
       ServeOptions options = a.serve;
       options.version = KLPX_VERSION;
       return RunServe(context.kernel, options);
     }},
    {"metrics", "", VerbGroup::kService, PatchArgument::kNone, kMeasures,
     "Print the metrics for Prometheus once, or write them to a file",
     "metrics", "what a scrape would find",
     [](Context& context, const Arguments& a) {
       MetricsOptions options = a.metrics;
       options.version = KLPX_VERSION;
       return RunMetrics(context, options);
     }},
};

}  // namespace

absl::Span<const Verb> Verbs() { return kVerbs; }

const Verb* FindVerb(absl::string_view word) {
  for (const Verb& verb : kVerbs) {
    for (const std::string& name : NamesOf(verb)) {
      if (name == word) return &verb;
    }
  }
  return nullptr;
}

std::vector<std::string> NamesOf(const Verb& verb) {
  std::vector<std::string> names = {verb.name};
  for (const absl::string_view alias :
       absl::StrSplit(verb.aliases, ',', absl::SkipEmpty())) {
    names.emplace_back(alias);
  }
  return names;
}

absl::string_view GroupTitle(VerbGroup group) {
  switch (group) {
    case VerbGroup::kChange:
      return "CHANGE";
    case VerbGroup::kLook:
      return "LOOK";
    case VerbGroup::kBoot:
      return "AT BOOT";
    case VerbGroup::kService:
      return "SERVICES";
  }
  return "";
}

}  // namespace klpx
