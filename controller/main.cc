// SPDX-License-Identifier: GPL-2.0
// klp-controller's command line: one table of verbs, from which the parser and
// --help are made, and the only place where an error becomes an exit code.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "controller/commands/commands.h"
#include "controller/commands/ownership.h"
#include "controller/core/error.h"
#include "controller/core/text.h"
#include "controller/daemon/daemon.h"
#include "controller/history/store.h"
#include "controller/sys/linux_kernel.h"

namespace klpx {
namespace {

// What can be written after a verb.
struct Arguments {
  std::string patch;
  std::string timeout;
  std::string klpx_module;
  std::optional<uint32_t> task;
  std::optional<uint32_t> pid;
  std::optional<uint32_t> tid;
  std::string delay = "1";
  std::string action = "show";
  std::string file;
  bool no_wait = false;
  bool reverse_on_timeout = false;
  bool may_force = false;
  bool dry_run = false;
  bool understood = false;
  bool watch = false;
  bool functions = false;
  HistoryOptions history;
  int64_t id = 0;
  WaitOptions wait;  // made of the above
};

// Groups of flags that a verb takes.
enum Flags : unsigned {
  kNoFlags = 0,
  kLoads = 1 << 0,
  kWaits = 1 << 1,
  kStarts = 1 << 2,
  kPicksTask = 1 << 3,
  kFilters = 1 << 4,
  kConfirms = 1 << 5,
  kLists = 1 << 6,
  kRemembers = 1 << 7,
  kPicksRecord = 1 << 8,
  kReadsFile = 1 << 9,
  kActs = 1 << 10,
};

enum class PatchArgument { kNone, kOptional, kRequired };

struct Verb {
  const char* name;
  const char* alias;
  PatchArgument patch;
  unsigned flags;
  const char* summary;
  const char* example;  // without the name of the program
  const char* example_does;
  absl::StatusOr<int> (*run)(Context&, const Arguments&);
};

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

constexpr char kPatchArgument[] =
    "PATCH is a module name or the path of a .ko file; '-' and '_' are "
    "alike.\n";

std::string Example(const Verb& verb) {
  return absl::StrFormat("  klp-controller %-26s %s\n", verb.example,
                         verb.example_does);
}

std::string Footer() {
  std::string text = absl::StrCat(kPatchArgument, "\nEXAMPLES\n");
  for (const Verb& verb : kVerbs) absl::StrAppend(&text, Example(verb));
  absl::StrAppend(&text, "\nEXIT CODES\n");
  absl::StrAppendFormat(&text, "  %2d  %-18s  %s\n", 0, "", "done");
  for (const ErrorRow& row : kErrorTable) {
    absl::StrAppendFormat(&text, "  %2d  %-18s  %s\n", row.exit_code, row.code,
                          row.meaning);
  }
  return text;
}

std::string CheckDuration(const std::string& text) {
  return ParseTimeout(text) ? "" : absl::StrCat("not a duration: ", text);
}

void AddWaitFlags(CLI::App& app, unsigned flags, Arguments& arguments) {
  if (flags & kStarts) {
    app.add_flag("--no-wait", arguments.no_wait,
                 "Do not wait for the transition to end");
  }
  if (flags & kWaits) {
    app.add_option("--timeout", arguments.timeout,
                   "Wait no longer than this (30, 30s, 5m), then exit with 3")
        ->check(CheckDuration);
    app.add_flag("--reverse-on-timeout", arguments.reverse_on_timeout,
                 "Then reverse the transition and exit with 7");
    app.add_flag("--allow-force", arguments.may_force,
                 "Let the policy's deadline force the patches that it names");
  }
}

void AddHistoryFlags(CLI::App& app, unsigned flags, Arguments& arguments) {
  HistoryOptions& history = arguments.history;
  if (flags & kRemembers) {
    app.add_option("--patch", history.patch, "Only of this patch");
    app.add_option("--since", history.since,
                   "Begun at or after this ('2h' or '7d' ago, '2026-11-20')");
    app.add_option("--until", history.until, "Begun at or before this");
    app.add_option("--outcome", history.outcome,
                   "Only those that ended so ('reversed')");
    app.add_flag("--forced", history.forced, "Only with forced tasks");
    app.add_option("-n,--limit", history.limit, "Only the newest so many")
        ->check(CLI::NonNegativeNumber);
  }
  if (flags & kPicksRecord) {
    app.add_option("ID", arguments.id, "As 'history' shows it")->required();
  }
  if (flags & kReadsFile) {
    app.add_option("--file", history.file,
                   "Another history than this machine's");
  }
}

void AddFlags(CLI::App& app, unsigned flags, Arguments& arguments) {
  AddWaitFlags(app, flags, arguments);
  AddHistoryFlags(app, flags, arguments);
  if (flags & kLoads) {
    app.add_option("--klpx-module", arguments.klpx_module,
                   "klpx.ko to load if none is loaded");
    app.add_flag("--dry-run", arguments.dry_run,
                 "Only say whether it would be refused");
  }
  if (flags & kPicksTask) {
    app.add_option("--task", arguments.task, "Only this thread (TID)");
  }
  if (flags & kLists) {
    app.add_flag("--functions", arguments.functions,
                 "One function a row, with its newest version");
  }
  if (flags & kActs) {
    app.add_option("ACTION", arguments.action,
                   "show, check, apply, load (a BPF object), unload");
    app.add_option("FILE", arguments.file,
                   "Instead of /etc/klpx/policy.toml; for load, the object");
  }
  if (flags & kConfirms) {
    app.add_flag("--i-understand", arguments.understood,
                 "Accept what forcing costs");
  }
  if (flags & kFilters) {
    app.add_option("-p,--pid", arguments.pid, "Only threads of this process");
    app.add_option("-t,--tid", arguments.tid, "Only this thread");
    app.add_flag("--watch", arguments.watch, "Repeat until it has ended");
    app.add_option("-d,--delay", arguments.delay,
                   "Seconds between two looks with --watch")
        ->check(CheckDuration);
  }
}

void AddVerb(CLI::App& app, const Verb& verb, Arguments& arguments) {
  CLI::App* command = app.add_subcommand(verb.name, verb.summary);
  if (*verb.alias != '\0') command->alias(verb.alias);
  if (verb.patch != PatchArgument::kNone) {
    command->add_option("PATCH", arguments.patch, "Module name or .ko file")
        ->required(verb.patch == PatchArgument::kRequired);
  }
  AddFlags(*command, verb.flags, arguments);
  command->footer(absl::StrCat("-j, -q and -v: see klp-controller --help\n\n",
                               "EXAMPLES\n", Example(verb)));
}

std::string ProgramDir() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error)
      .parent_path()
      .string();
}

void Report(Context& context, absl::string_view verb,
            const absl::Status& status) {
  if (context.style.json) {
    context.out << ErrorJson(context.kernel.ReadHost(), verb, status);
  } else {
    context.err << ErrorText(status);
  }
}

int RunVerb(Context& context, const Verb& verb, Arguments& arguments) {
  arguments.wait.no_wait = arguments.no_wait;
  arguments.wait.reverse_on_timeout = arguments.reverse_on_timeout;
  arguments.wait.may_force = arguments.may_force;
  if (!arguments.timeout.empty()) {
    arguments.wait.timeout = *ParseTimeout(arguments.timeout);
  }
  context.recorder.path = kHistoryFile;
  context.recorder.verb = verb.name;
  context.owner_file = kOwnerFile;
  if ((verb.flags & kWaits) || arguments.watch) CatchInterrupts();
  const absl::StatusOr<int> code = verb.run(context, arguments);
  if (code.ok()) return *code;
  Report(context, verb.name, code.status());
  return ExitCodeOf(code.status());
}

// CLI11 has codes of its own from 100 up; all of them are usage errors.
int ReportUsage(Context& context, const CLI::App& app,
                const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);
  std::string what = error.what();
  const std::vector<std::string> rest = app.remaining();
  if (app.get_subcommands().empty() && !rest.empty()) {
    what = absl::StrCat("unknown verb or flag '", rest.front(), "'");
  }
  const absl::Status status =
      Error(ErrorKind::kUsage, what, "; see klp-controller --help");
  Report(context, "", status);
  return ExitCodeOf(status);
}

int Main(int argc, char** argv) {
  CLI::App app("Live patches for a running Linux kernel", "klp-controller");
  Arguments arguments;
  LinuxKernel kernel;
  const std::unique_ptr<ObserverAccess> observer = BpfObserverAccess();
  const std::unique_ptr<PolicyAccess> policy = BpfPolicyAccess();
  Context context = {kernel, *observer,    std::cout,   std::cerr,
                     {},     ProgramDir(), policy.get()};
  context.style.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  context.style.err_is_terminal = isatty(STDERR_FILENO) == 1;
  app.fallthrough();
  app.require_subcommand(1);
  app.add_flag("-j,--json", context.style.json, "JSON on stdout, errors too");
  app.add_flag("-q,--quiet", context.style.quiet, "No progress, no result");
  app.add_flag("-v,--verbose", context.style.verbose, "More: stacks, commands");
  app.set_version_flag("-V,--version",
                       absl::StrCat("klp-controller ", KLPX_VERSION, " (ABI ",
                                    KLPX_ABI_VERSION, ")"));
  app.footer(Footer());
  for (const Verb& verb : kVerbs) AddVerb(app, verb, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return ReportUsage(context, app, error);
  }
  for (const Verb& verb : kVerbs) {
    if (app.got_subcommand(verb.name)) {
      return RunVerb(context, verb, arguments);
    }
  }
  return RowOf(ErrorKind::kUsage).exit_code;
}

}  // namespace
}  // namespace klpx

int main(int argc, char** argv) { return klpx::Main(argc, argv); }
