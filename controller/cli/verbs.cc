// SPDX-License-Identifier: GPL-2.0
#include "controller/cli/verbs.h"

#include "controller/commands/commands.h"
#include "controller/core/text.h"
#include "controller/daemon/daemon.h"
#include "controller/tui/top.h"
#include "controller/web/serve.h"

namespace klpx {
namespace {

constexpr Verb kVerbs[] = {
    {"enable", "load", PatchArgument::kRequired, kLoads | kStarts | kWaits,
     "Load a patch (.ko file) and move every task to it", "enable fix.ko",
     "load it, wait until it is in",
     [](Context& context, const Arguments& a) {
       return RunEnable(context, {a.patch, a.klpx_module, a.dry_run, a.wait});
     }},
    {"preflight", "", PatchArgument::kRequired, kNoFlags,
     "Check a .ko file against this kernel and say how an enable would go",
     "preflight fix.ko", "may it go in, and who is in the way",
     [](Context& context, const Arguments& a) {
       return RunPreflight(context, a.patch);
     }},
    {"disable", "", PatchArgument::kRequired, kStarts | kWaits,
     "Move every task off a patch; its module stays loaded",
     "disable --timeout 30 fix", "exit with 3 if it takes longer",
     [](Context& context, const Arguments& a) {
       return RunDisable(context, {a.patch, a.wait});
     }},
    {"unload", "", PatchArgument::kRequired, kWaits,
     "Disable a patch and remove its module ('klpx': the engine)", "unload fix",
     "take it back",
     [](Context& context, const Arguments& a) {
       return RunUnload(context, {a.patch, a.wait});
     }},
    {"reverse", "", PatchArgument::kOptional, kStarts | kWaits,
     "Send a transition back to where it came from", "reverse",
     "turn the transition round",
     [](Context& context, const Arguments& a) {
       return RunReverse(context, {a.patch, a.wait});
     }},
    {"signal", "", PatchArgument::kRequired, kPicksTask,
     "Wake blocking tasks with a signal that they do not see", "signal fix",
     "wake those who block",
     [](Context& context, const Arguments& a) {
       return RunSignal(context, {a.patch, a.task});
     }},
    {"force", "", PatchArgument::kRequired, kPicksTask | kConfirms,
     "Switch blocking tasks unchecked; dangerous", "force fix --task 4711",
     "shows the price; does nothing",
     [](Context& context, const Arguments& a) {
       return RunForce(context, {a.patch, a.task, a.understood});
     }},
    {"wait", "", PatchArgument::kOptional, kWaits,
     "Wait until a transition has ended", "wait --timeout 5m",
     "until nothing is in transition",
     [](Context& context, const Arguments& a) {
       return RunWait(context, {a.patch, a.wait});
     }},
    {"list", "", PatchArgument::kNone, kLists,
     "List patches in stack order, or the functions they replace",
     "list --functions", "whose version of each function runs",
     [](Context& context, const Arguments& a) {
       return RunList(context, {a.functions});
     }},
    {"status", "", PatchArgument::kOptional, kNoFlags,
     "Show patches in detail, and where a transition stands", "status fix",
     "one patch in detail",
     [](Context& context, const Arguments& a) {
       return RunStatus(context, a.patch);
     }},
    {"blocking", "", PatchArgument::kOptional, kFilters,
     "Show the tasks that hold up a transition, and why", "blocking -v",
     "who holds it up, with stacks",
     [](Context& context, const Arguments& a) {
       return RunBlocking(
           context, {a.patch, a.pid, a.tid, a.watch, *ParseTimeout(a.delay)});
     }},
    {"info", "", PatchArgument::kRequired, kNoFlags,
     "Show all that a patch file or a loaded patch is", "info fix.ko",
     "what it would replace",
     [](Context& context, const Arguments& a) {
       return RunInfo(context, a.patch);
     }},
    {"history", "", PatchArgument::kNone, kRemembers | kReadsFile,
     "List the transitions of the past, and how they ended",
     "history --since 7d", "those of the last week",
     [](Context& context, const Arguments& a) {
       return RunHistory(context, a.history);
     }},
    {"explain", "", PatchArgument::kNone, kPicksRecord | kReadsFile,
     "Tell the story of one transition of the past", "explain 12",
     "who, when, what, why, and how it ended",
     [](Context& context, const Arguments& a) {
       return RunExplain(context, {a.id, a.history.file});
     }},
    {"policy", "", PatchArgument::kNone, kActs,
     "Show, check or change what is done about tasks that block",
     "policy apply rules.toml", "also while a transition runs",
     [](Context& context, const Arguments& a) {
       return RunPolicy(context, {a.action, a.file});
     }},
    {"accept", "", PatchArgument::kOptional, kAccepts,
     "Mark a patch good: it is loaded at boot from now on", "accept fix",
     "after it has been in for a while",
     [](Context& context, const Arguments& a) {
       return RunAccept(context, a.patch, a.accept);
     }},
    {"restore", "", PatchArgument::kNone, kRestores,
     "Load the accepted patches (at boot: klpx-restore.service)", "restore",
     "those that are not in yet",
     [](Context& context, const Arguments& a) {
       return RunRestore(context, a.wait.timeout, a.restore);
     }},
    {"top", "", PatchArgument::kNone, kScreen,
     "Watch a transition on the terminal, and act on it", "top",
     "who is in the way, live; '?' shows the keys",
     [](Context& context, const Arguments& a) {
       TopOptions options = a.top;
       options.interval = *ParseTimeout(a.delay);
       return RunTop(context, options);
     }},
    {"serve", "", PatchArgument::kNone, kServes,
     "Show the patches on a web page, read-only, and as JSON and metrics",
     "serve --listen 127.0.0.1:14917", "then open that address",
     [](Context& context, const Arguments& a) {
       ServeOptions options = a.serve;
       options.version = KLPX_VERSION;
       return RunServe(context.kernel, options);
     }},
    {"metrics", "", PatchArgument::kNone, kMeasures,
     "Print the metrics for Prometheus once, or write them to a file",
     "metrics", "what a scrape would find",
     [](Context& context, const Arguments& a) {
       MetricsOptions options = a.metrics;
       options.version = KLPX_VERSION;
       return RunMetrics(context, options);
     }},
    {"report", "", PatchArgument::kNone, kWritesFile,
     "Write all that is needed to debug a stuck transition into one file",
     "report", "for a ticket: klpx-report-HOST-TIME.tar.gz",
     [](Context& context, const Arguments& a) {
       return RunReport(context, {a.file});
     }},
    {"daemon", "", PatchArgument::kNone, kNoFlags,
     "See to every transition: policy, deadline, history, snapshot", "daemon",
     "what klpx-daemon.service runs",
     [](Context& context, const Arguments&) {
       return RunDaemon(context, KLPX_VERSION);
     }},
    {"check", "", PatchArgument::kNone, kNoFlags,
     "Exit with 0 if nothing is in transition, 1 otherwise",
     "check && echo settled", "for scripts",
     [](Context& context, const Arguments&) { return RunCheck(context); }},
};

}  // namespace

absl::Span<const Verb> Verbs() { return kVerbs; }

}  // namespace klpx
