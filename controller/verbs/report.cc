// SPDX-License-Identifier: GPL-2.0
// report: collects everything needed to understand a stuck transition in one
// archive: the reports of the other verbs, and copies of the files they read.
// Whatever cannot be read is named in errors.txt and does not stop the rest.
#include <cerrno>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/engine.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"
#include "controller/core/report/report_history.h"
#include "controller/ops/kernel/blockers.h"
#include "controller/ops/kernel/require_root.h"
#include "controller/sys/io/archive.h"
#include "controller/sys/io/errno_status.h"
#include "controller/sys/proc/pid_namespace.h"
#include "controller/sys/proc/sysfs.h"
#include "controller/verbs/reports.h"
#include "controller/verbs/verbs.h"

namespace klpx {
namespace {

constexpr int kDeepest = 8;            // directories below each other
constexpr size_t kMostTasks = 500;     // tasks whose /proc files are copied
constexpr uint64_t kMostRecords = 50;  // records of the history
constexpr size_t kLongestFile = size_t{16} << 20;

constexpr const char* kFiles[] = {
    "/proc/version",
    "/proc/cmdline",
    "/proc/modules",
    "/proc/loadavg",
    "/proc/uptime",
    "/proc/meminfo",
    "/proc/sys/kernel/tainted",
    "/etc/os-release",
    "/etc/klpx/policy.toml",
    "/run/klpx/snapshot.json",
    "/sys/kernel/debug/sched/preempt",
    "/sys/kernel/debug/kprobes/list",
    "/sys/kernel/tracing/current_tracer",
    "/sys/kernel/tracing/enabled_functions",
};
constexpr const char* kTrees[] = {KLPX_STATS_DIR,
                                  "/sys/module/klpx/parameters"};
constexpr const char* kTaskFiles[] = {"status",  "stack", "wchan",
                                      "syscall", "sched", "cgroup"};

class Collection {
 public:
  Collection(Context& context, std::string directory)
      : context_(context), directory_(std::move(directory)) {}

  void Add(const std::string& name, std::string content) {
    if (content.size() > kLongestFile) {
      Miss(name, absl::StrCat("cut after ", kLongestFile, " bytes"));
      content.resize(kLongestFile);
    }
    files_.push_back({absl::StrCat(directory_, "/", name), std::move(content)});
  }

  void Miss(const std::string& name, absl::string_view why) {
    absl::StrAppend(&errors_, name, ": ", why, "\n");
  }

  // Copies the file to its place below root/. Not an error: a file that does
  // not exist, and, in a tree, one that is write-only (root may read all
  // others).
  void Copy(const std::string& path, bool in_tree = false) {
    const auto content = context_.kernel.ReadFile(path);
    const std::string name = absl::StrCat("root", path);
    if (content.ok()) {
      Add(name, *content);
      return;
    }
    const int error_number = ErrnoOf(content.status());
    if (error_number == ENOENT || (in_tree && error_number == EACCES)) return;
    Miss(name, content.status().message());
  }

  void CopyTree(const std::string& path, int depth = 0) {
    const auto names = context_.kernel.ListDirectory(path);
    if (!names.ok()) return Miss(path, names.status().message());
    if (depth == kDeepest) return Miss(path, "too deep");
    for (const std::string& name : *names) {
      const std::string below = absl::StrCat(path, "/", name);
      // An adopted patch: the directory is in the tree of klpx.
      if (context_.kernel.IsSymlink(below)) continue;
      if (context_.kernel.ListDirectory(below).ok()) {
        CopyTree(below, depth + 1);
      } else {
        Copy(below, /*in_tree=*/true);
      }
    }
  }

  // Adds a report as its verb prints it, as text and as JSON; if there is none,
  // says why. `aside`: what reading it has printed beside.
  template <typename Report, typename ToText, typename ToJson>
  void AddReport(const std::string& name, const absl::StatusOr<Report>& report,
                 ToText text, ToJson json, const std::string& aside) {
    for (const absl::string_view ending : {".txt", ".json"}) {
      if (report.ok()) break;
      Miss(absl::StrCat(name, ending), report.status().message());
    }
    if (!aside.empty()) Miss(absl::StrCat(name, ".txt"), aside);
    Add(absl::StrCat(name, ".txt"), report.ok() ? text(*report) : "");
    Add(absl::StrCat(name, ".json"), report.ok() ? json(*report) : "");
  }

  std::vector<ArchivedFile> Take() {
    Add("errors.txt", errors_);
    return std::move(files_);
  }

 private:
  Context& context_;
  std::string directory_;
  std::vector<ArchivedFile> files_;
  std::string errors_;
};

// The reports of the verbs, read in a context of their own. Reading them writes
// nothing to the history.
class Reader {
 public:
  Reader(Context& context, Collection& collection)
      : inner_(context, aside_, aside_), collection_(collection) {
    inner_.console.style.verbose = true;
  }

  Context& context() { return inner_; }

  template <typename Report, typename ToText, typename ToJson>
  void Add(const std::string& name, const absl::StatusOr<Report>& report,
           ToText text, ToJson json) {
    collection_.AddReport(name, report, text, json, aside_.str());
    aside_.str("");
  }

 private:
  std::ostringstream aside_;
  Context inner_;
  Collection& collection_;
};

void AddReports(Reader& reader, const std::vector<PatchState>& patches) {
  Context& context = reader.context();
  reader.Add("status", ReadStatus(context, ""), StatusText, StatusJson);
  BlockingOptions every_task;
  every_task.all = true;
  reader.Add("blocking", ReadBlocking(context, every_task), BlockingText,
             [](const BlockingReport& report) {
               return BlockingJson(report, /*one_line=*/false);
             });
  reader.Add(
      "functions", absl::StatusOr<ListReport>(ReadList(context)),
      [](const ListReport& report) {
        return FunctionsText(report.patches, report.places);
      },
      [](const ListReport& report) {
        return ListJson(report.host, report.patches, report.places);
      });
  reader.Add("policy", ReadPolicyReport(context, ""), PolicyText, PolicyJson);
  HistoryOptions newest;
  newest.limit = kMostRecords;
  reader.Add(
      "history", ReadHistory(context, newest),
      [](const HistoryReport& report) {
        return HistoryText(report, /*verbose=*/true);
      },
      [](const HistoryReport& report) {
        return HistoryJson(report.host, report.records);
      });
  reader.Add("adopt", absl::StatusOr<AdoptReport>(ReadAdopt(context)),
             AdoptText, AdoptJson);
  for (const PatchState& patch : patches) {
    reader.Add(absl::StrCat("info-", patch.name), ReadInfo(context, patch.name),
               InfoText, InfoJson);
  }
}

void CopyTasks(Kernel& kernel, ObserverAccess& observer, Collection& collection,
               const std::vector<PatchState>& moving) {
  if (moving.empty()) return;
  const auto source = observer.Attach();
  if (!source.ok()) return;  // blocking.txt says why
  const auto blockers = ReadBlockersOf(**source, moving);
  size_t copied = 0;
  for (const Blocker& blocker : blockers.value_or(std::vector<Blocker>())) {
    const uint32_t tid = blocker.info.key.tid;
    if (tid == 0) continue;
    if (++copied > kMostTasks) {
      collection.Miss("root/proc",
                      absl::StrCat("only the first ", kMostTasks, " of ",
                                   blockers->size(), " tasks"));
      return;
    }
    if (!IsThatTask(kernel, blocker.info.key)) continue;
    for (const char* file : kTaskFiles) {
      collection.Copy(absl::StrCat("/proc/", tid, "/", file));
    }
  }
}

}  // namespace

absl::StatusOr<int> RunReport(Context& context, const ReportOptions& options) {
  const absl::Status root = RequireRoot(context.kernel, "report");
  if (!root.ok()) return root;
  const Host host = context.kernel.ReadHost();
  const std::string name = absl::StrCat(
      "klpx-report-", host.name, "-",
      absl::FormatTime("%Y%m%dT%H%M%SZ", host.time, absl::UTCTimeZone()));
  Collection collection(context, name);
  const std::vector<PatchState> patches = ReadPatches(context.kernel);
  Reader reader(context, collection);
  AddReports(reader, patches);
  CopyTasks(context.kernel, context.machine.observer, collection,
            FindTransitions(context.kernel));
  collection.Add("kernel.log", context.kernel.ReadKernelLog());
  for (const char* file : kFiles) collection.Copy(file);
  for (const EngineRow& engine : kEngineTable) {
    if (!engine.sysfs_dir.empty()) {
      collection.CopyTree(std::string(engine.sysfs_dir));
    }
  }
  for (const char* tree : kTrees) collection.CopyTree(tree);
  const std::string path =
      options.file.empty() ? absl::StrCat(name, ".tar.gz") : options.file;
  const std::vector<ArchivedFile> files = collection.Take();
  const absl::Status written = WriteArchive(path, files, host.time);
  if (!written.ok()) {
    return Error(ErrorKind::kFailure, "report: ", written.message(),
                 "; give another file name");
  }
  ActionReport action;
  action.verb = "report";
  action.result = "written";
  action.message =
      absl::StrCat(path, ": ", files.size(),
                   " files; contains command lines and kernel stacks of this "
                   "host, so only root can read it");
  Print(context.console, context.kernel, action);
  return 0;
}

}  // namespace klpx
