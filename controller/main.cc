// SPDX-License-Identifier: GPL-2.0
// klp-controller: parses the command line, builds what the verbs need, and is
// the only place where an error becomes an exit code.
#include <klpx/version.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <streambuf>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "controller/cli/parser.h"
#include "controller/cli/usage.h"
#include "controller/cli/verbs.h"
#include "controller/core/base/error.h"
#include "controller/core/base/printable_stream.h"
#include "controller/core/base/run_files.h"
#include "controller/core/base/text.h"
#include "controller/ops/console/console.h"
#include "controller/ops/transition/ownership.h"
#include "controller/store/store.h"
#include "controller/sys/io/standard_files.h"
#include "controller/sys/io/terminal_size.h"
#include "controller/sys/proc/linux_kernel.h"

namespace klpx {
namespace {

constexpr char kStateDirectory[] = "/var/lib/klpx";

std::string ProgramDir() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error)
      .parent_path()
      .string();
}

void Report(Context& context, absl::string_view verb,
            const absl::Status& status) {
  if (context.console.style.json) {
    context.console.out << ErrorJson(context.kernel.ReadHost(), verb, status);
  } else {
    context.console.err << ForTerminal(context.console, ErrorText(status));
  }
}

int RunVerb(Context& context, const Verb& verb, Arguments& arguments) {
  arguments.wait.no_wait = arguments.no_wait;
  arguments.wait.reverse_on_timeout = arguments.reverse_on_timeout;
  arguments.wait.may_force = arguments.may_force;
  if (arguments.no_gate)
    arguments.wait.health_check_off = "--no-gate was given";
  if (!arguments.timeout.empty()) {
    arguments.wait.timeout = *ParseTimeout(arguments.timeout);
  }
  context.recorder.path = kHistoryFile;
  context.SetVerb(verb.name);
  context.ownership.file = kOwnerFile;
  context.boot.state_dir = kStateDirectory;
  context.boot.run_dir = kRunDirectory;
  if ((verb.flags & (kWaits | kRestores)) || arguments.watch) CatchInterrupts();
  const absl::StatusOr<int> code = verb.run(context, arguments);
  if (code.ok()) return *code;
  Report(context, verb.name, code.status());
  return ExitCodeOf(code.status());
}

int ReportUsage(Context& context, const UsageError& wrong) {
  const absl::Status status =
      Error(ErrorKind::kUsage, wrong.what, "; see 'klp-controller ",
            wrong.verb.empty() ? "" : absl::StrCat(wrong.verb, " "), "--help'");
  Report(context, wrong.verb, status);
  return ExitCodeOf(status);
}

// CheckUsage() has accepted the words: what is left are --help and --version,
// and what only CLI11 rejects. CLI11 has exit codes of its own from 100 up.
int ReportParsed(Context& context, const CLI::App& app,
                 const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {
    return app.exit(error, context.console.out, context.console.err);
  }
  return ReportUsage(context, {error.what(), ""});
}

int Run(int argc, char** argv, std::streambuf* standard_output) {
  CLI::App app("Live patches for a running Linux kernel", "klp-controller");
  Arguments arguments;
  LinuxKernel kernel;
  const std::unique_ptr<ObserverAccess> observer = BpfObserverAccess();
  const std::unique_ptr<PolicyAccess> policy = BpfPolicyAccess();
  PrintableBuffer out_buffer(standard_output);
  PrintableBuffer err_buffer(std::cerr.rdbuf());
  std::ostream out(&out_buffer);
  std::ostream err(&err_buffer);
  Context context({kernel, *observer, *policy}, out, err);
  context.program_dir = ProgramDir();
  context.console.style.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  context.console.style.err_is_terminal = IsTerminal(STDERR_FILENO);
  context.console.style.err_columns = [] {
    return TerminalColumns(STDERR_FILENO);
  };
  AddCommandLine(app, KLPX_VERSION, arguments, context.console.style);
  std::vector<std::string> words = WithoutHelpWords(
      std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
  const UsageError wrong = CheckUsage(words);
  if (!wrong.what.empty()) {
    context.console.style.json = WantsJson(words);
    return ReportUsage(context, wrong);
  }
  try {
    std::reverse(words.begin(), words.end());
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    return ReportParsed(context, app, error);
  }
  for (const Verb& verb : Verbs()) {
    if (app.got_subcommand(verb.name)) {
      return RunVerb(context, verb, arguments);
    }
  }
  return RowOf(ErrorKind::kUsage).exit_code;
}

int Main(int argc, char** argv) {
  HoldStandardFiles();
  NotingBuffer buffer(std::cout.rdbuf());
  const int code = Run(argc, argv, &buffer);
  const absl::Status written = CheckStandardOutput(buffer.error_number());
  if (written.ok()) return code;
  // The verb may have succeeded, but its output is lost: that is a failure.
  std::cerr << ErrorText(written);
  return code != 0 ? code : ExitCodeOf(written);
}

}  // namespace
}  // namespace klpx

int main(int argc, char** argv) { return klpx::Main(argc, argv); }
