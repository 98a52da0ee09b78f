// SPDX-License-Identifier: GPL-2.0
// A simulated kernel. Its files are computed from its state at each access, so
// a test can change the state at any moment.
#include "tests/unit/sys/fake_kernel.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "controller/core/base/error.h"
#include "controller/core/base/patch_name.h"
#include "controller/sys/io/errno_status.h"

namespace klpx {
namespace {

constexpr char kRelease[] = "6.12.0-test";
constexpr char kEngineFile[] = "/opt/klpx/bin/../klpx.ko";

// The number of pending tasks when a transition starts.
constexpr int kStuckTasks = 2;

std::string Line(int64_t number) { return absl::StrCat(number, "\n"); }

}  // namespace

FakeKernel::FakeKernel() {
  files[kEngineFile] = "";
  std::string kallsyms;
  uint64_t address = 0xffffffff81000000;
  for (const char* symbol :
       {"init_task", "do_open", "do_close", "do_close", "register_kprobe",
        "ftrace_set_filter_ips", "stack_trace_save_tsk_reliable",
        "unwind_module_init", "__x64_sys_bpf"}) {
    absl::StrAppend(&kallsyms, absl::Hex(address), " T ", symbol, "\n");
    address += 0x100;
  }
  files["/proc/kallsyms"] = kallsyms;
  files["/proc/sys/kernel/tainted"] = "12288\n";
  files["/sys/kernel/oops_count"] = "0\n";
  files["/sys/kernel/warn_count"] = "3\n";
  files["/sys/kernel/tracing/available_filter_functions"] =
      "do_open\ndo_close\n";
  files["/sys/kernel/tracing/enabled_functions"] = "\n";
  files["/sys/kernel/debug/kprobes/list"] = "";
}

Host FakeKernel::ReadHost() {
  return {"web1", "b-o-o-t", kRelease, absl::UnixEpoch(),
          absl::ToInt64Nanoseconds(now)};
}

std::string FakeKernel::RecentText() const {
  std::string text;
  for (const RecentTransition& found : recent) {
    absl::StrAppend(&text, found.started_ns, " ", found.ended_ns, " ",
                    found.patch, found.patched ? " patched " : " unpatched ",
                    found.reversals, " ", found.tasks, " ", found.signals, " ",
                    found.forced, "\n");
  }
  return text;
}

std::map<std::string, std::string> FakeKernel::AllFiles() {
  std::map<std::string, std::string> all = files;
  for (const std::string& module : modules) {
    all[absl::StrCat("/sys/module/", module, "/initstate")] = "live\n";
    if (module == KLPX_MODULE_NAME) {
      all.emplace("/sys/module/klpx/stats/abi", Line(KLPX_ABI_VERSION));
      for (const char* how :
           {"kernel_exit", "context_switch", "idle", "exited", "forced"}) {
        all[absl::StrCat("/sys/module/klpx/stats/switched_", how)] = Line(0);
      }
      all["/sys/module/klpx/stats/switched_asleep"] = Line(switched);
      all["/sys/module/klpx/stats/recent"] = RecentText();
      if (adopt) all[KLPX_ADOPT] = Line(*adopt);
      if (adopt) all[KLPX_ENGINE_FOR] = engine_for;
    } else if (!livepatches.contains(module)) {
      all[absl::StrCat("/sys/module/klpx/holders/", module)] = "";
    }
    const absl::string_view taints =
        livepatches.contains(module) ? "(OEK)" : "(OE)";
    all["/proc/modules"] = absl::StrCat(
        module, " 4096 0 ", permanent.contains(module) ? "[permanent]," : "-",
        " Live 0x0000000000000000 ", taints, "\n", all["/proc/modules"]);
  }
  for (const auto& [name, patch] : patches) AddFilesOf(name, patch, all);
  return all;
}

void FakeKernel::AddFilesOf(const std::string& name, const FakePatch& patch,
                            std::map<std::string, std::string>& all) const {
  std::vector<std::string> dirs = {
      absl::StrCat(RowOf(patch.engine).sysfs_dir, "/", name, "/")};
  if (patch.adopted) {
    dirs.push_back(
        absl::StrCat(RowOf(Engine::kKernel).sysfs_dir, "/", name, "/"));
  }
  for (const std::string& dir : dirs) {
    all[dir + "enabled"] = Line(patch.enabled);
    all[dir + "transition"] = Line(patch.transition);
    all[dir + "replace"] = Line(patch.replace);
    all[dir + "vmlinux/patched"] = Line(1);
    all[dir + "vmlinux/do_open,1/"] = "";
    for (const auto& [file, content] : patch.files) all[dir + file] = content;
    if (patch.engine == Engine::kKernel) continue;
    all.emplace(dir + "adopted", Line(patch.adopted));
    all.emplace(dir + "forced", Line(patch.forced));
    all.emplace(dir + "tasks", Line(patch.tasks));
    all.emplace(dir + "pending", Line(patch.pending));
    all.emplace(dir + "elapsed_ms",
                Line(absl::ToInt64Milliseconds(now - patch.started)));
    all.emplace(dir + "stack_order", Line(patch.order));
    all.emplace(dir + "replace_set", Line(0));
    all.emplace(dir + "model", "tasks\n");
    all.emplace(dir + "version", "1.2\n");
    all.emplace(dir + "vmlinux/callbacks", "pre_patch post_unpatch\n");
  }
}

absl::StatusOr<std::string> FakeKernel::ReadFile(const std::string& path) {
  Advance();
  if (read_errno.contains(path)) return ErrnoError(read_errno[path], path);
  const auto all = AllFiles();
  const auto found = all.find(path);
  if (found == all.end()) return ErrnoError(ENOENT, path);
  return found->second;
}

absl::StatusOr<std::vector<std::string>> FakeKernel::ListDirectory(
    const std::string& path) {
  Advance();
  std::set<std::string> names;
  for (const auto& [file, content] : AllFiles()) {
    absl::string_view rest = file;
    if (!absl::ConsumePrefix(&rest, path + "/")) continue;
    names.emplace(rest.substr(0, rest.find('/')));
  }
  if (names.empty()) return ErrnoError(ENOENT, path);
  return std::vector<std::string>(names.begin(), names.end());
}

bool FakeKernel::Exists(const std::string& path) {
  return AllFiles().contains(path);
}

bool FakeKernel::IsSymlink(const std::string& path) {
  absl::string_view name = path;
  if (!absl::ConsumePrefix(&name, RowOf(Engine::kKernel).sysfs_dir)) {
    return false;
  }
  const auto found = patches.find(std::string(absl::StripPrefix(name, "/")));
  return found != patches.end() && found->second.adopted;
}

RecentTransition* FakeKernel::Running(const std::string& name) {
  for (RecentTransition& found : recent) {
    if (found.patch == name && found.ended_ns == 0) return &found;
  }
  return nullptr;
}

void FakeKernel::StartTransition(const std::string& name, bool enable) {
  FakePatch& patch = patches[name];
  RecentTransition* running = Running(name);
  if (running != nullptr) {
    running->patched = enable;
    running->reversals++;
  } else {
    recent.push_back({absl::ToInt64Nanoseconds(now), 0, name, enable, 0,
                      static_cast<uint64_t>(patch.tasks)});
  }
  patch.enabled = enable;
  patch.transition = true;
  patch.pending = kStuckTasks;
  patch.started = now;
}

void FakeKernel::Sleep(absl::Duration duration) {
  now += duration;
  if (on_sleep) on_sleep();
}

FakePatch& FakeKernel::AddPatch(const std::string& name, Engine engine) {
  const bool ours = engine == Engine::kKlpx;
  const bool loaded = std::find(modules.begin(), modules.end(),
                                KLPX_MODULE_NAME) != modules.end();
  if (ours && !loaded) modules.push_back(KLPX_MODULE_NAME);
  if (!ours) livepatches.insert(name);
  modules.push_back(name);
  patches[name].engine = engine;
  return patches[name];
}

FakePatch& FakeKernel::AddMovingPatch(const std::string& name, int pending,
                                      Engine engine) {
  FakePatch& patch = AddPatch(name, engine);
  patch.transition = true;
  patch.pending = pending;
  patch.started = now;
  return patch;
}

FakePatch& FakeKernel::AddAdopted(const std::string& name) {
  FakePatch& patch = AddPatch(name);
  livepatches.insert(name);
  patch.adopted = true;
  return patch;
}

// Would klpx.ko run this patch that was made for the kernel's engine?
bool FakeKernel::WillAdopt(const std::string& module) const {
  if (!adopt) return false;
  const std::string named = absl::StrCat(module, " ");
  if (!absl::StartsWith(engine_for, named)) return *adopt;
  return absl::StartsWith(engine_for, absl::StrCat(named, "klpx"));
}

absl::StatusOr<std::string> FakeKernel::ReadModule(const std::string& path) {
  absl::StatusOr<std::string> bytes = ReadFile(path);
  if (on_module_read) on_module_read(path);
  return bytes;
}

absl::Status FakeKernel::CheckTrusted(const std::string& path) {
  if (!untrusted.contains(path)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(path, " is writable by users other than root"));
}

absl::Status FakeKernel::LoadModule(const std::string& path,
                                    absl::string_view module) {
  loaded[path] = std::string(module);
  log += load_log;
  if (load_errno != 0) return ErrnoError(load_errno, "init_module " + path);
  if (path == kEngineFile) {
    modules.push_back(KLPX_MODULE_NAME);
    return absl::OkStatus();
  }
  if (patch_errno != 0) return ErrnoError(patch_errno, "init_module " + path);
  const std::string name = ModuleName(path);
  if (load_engine == Engine::kKernel && WillAdopt(name)) {
    AddAdopted(name);
  } else {
    AddPatch(name, load_engine);
  }
  StartTransition(name, true);
  return absl::OkStatus();
}

absl::Status FakeKernel::UnloadModule(const std::string& name) {
  const auto found = std::find(modules.begin(), modules.end(), name);
  if (found == modules.end()) return ErrnoError(ENOENT, name);
  const bool used =
      patches.contains(name) ||
      (name == KLPX_MODULE_NAME &&
       (modules.size() > 1 + livepatches.size() || adopt.value_or(false)));
  if (used || unload_errno != 0) {
    return ErrnoError(used ? EWOULDBLOCK : unload_errno, name);
  }
  modules.erase(found);
  return absl::OkStatus();
}

void FakeKernel::Advance() {
  for (auto it = patches.begin(); it != patches.end();) {
    FakePatch& patch = it->second;
    if (patch.transition && now - patch.started >= transition_time) {
      switched += patch.tasks;
      RecentTransition* running = Running(it->first);
      if (running != nullptr) {
        running->ended_ns =
            absl::ToInt64Nanoseconds(patch.started + transition_time);
      }
      patch.transition = false;
      patch.pending = 0;
    }
    const bool gone = !patch.transition && !patch.enabled;
    it = gone ? patches.erase(it) : std::next(it);
  }
}

absl::Status FakeKernel::WriteEnabled(const std::string& name, bool value) {
  FakePatch& patch = patches[name];
  if (patch.enabled == value) return ErrnoError(EINVAL, "write enabled");
  for (const auto& [other, state] : patches) {
    if (other != name && state.transition && state.engine == patch.engine) {
      return ErrnoError(EBUSY, "write enabled");
    }
  }
  StartTransition(name, value);
  return absl::OkStatus();
}

absl::Status FakeKernel::WritePush(const std::string& name,
                                   const std::string& attribute,
                                   absl::string_view value) {
  FakePatch& patch = patches[name];
  if (!patch.transition) return ErrnoError(EINVAL, "write " + attribute);
  if (absl::EndsWith(attribute, "_task") && value != "42") {
    return ErrnoError(ESRCH, "write " + attribute);
  }
  if (attribute == "kick") return absl::OkStatus();
  RecentTransition* running = Running(name);
  if (running != nullptr) {
    running->ended_ns = absl::ToInt64Nanoseconds(now);
    (absl::StartsWith(attribute, "force") ? running->forced
                                          : running->signals)++;
  }
  if (absl::StartsWith(attribute, "force")) patch.forced = true;
  patch.started = now - transition_time;
  patch.transition = false;
  patch.pending = 0;
  return absl::OkStatus();
}

absl::Status FakeKernel::WriteAdoption(absl::string_view file,
                                       absl::string_view value) {
  writes.push_back(absl::StrCat(file, "=", value));
  if (adopt_errno != 0) {
    log += adopt_log;
    return ErrnoError(adopt_errno, absl::StrCat("write ", file));
  }
  if (file == "adopt") {
    adopt = value == "1";
  } else if (!forgets_engine_for) {
    // sysfs ends a line, and does not pass on an empty write.
    if (!value.empty())
      engine_for = value == "\n" ? "" : absl::StrCat(value, "\n");
  }
  return absl::OkStatus();
}

absl::Status FakeKernel::WriteFile(const std::string& path,
                                   absl::string_view value) {
  Advance();
  absl::string_view rest = path;
  if (absl::ConsumePrefix(&rest, "/sys/module/klpx/livepatch/")) {
    const bool adopts = path == KLPX_ADOPT || path == KLPX_ENGINE_FOR;
    if (adopts && Exists(path)) return WriteAdoption(rest, value);
    if (!files.contains(path)) return ErrnoError(ENOENT, path);
    if (write_errno != 0) return ErrnoError(write_errno, "write " + path);
    writes.push_back(absl::StrCat(rest, "=", value));
    return absl::OkStatus();
  }
  if (!absl::ConsumePrefix(&rest, "/sys/kernel/klpx/") &&
      !absl::ConsumePrefix(&rest, "/sys/kernel/livepatch/")) {
    return ErrnoError(EACCES, path);
  }
  const std::vector<std::string> parts = absl::StrSplit(rest, '/');
  if (parts.size() != 2 || !patches.contains(parts[0])) {
    return ErrnoError(ENOENT, path);
  }
  if (write_errno != 0) return ErrnoError(write_errno, "write " + path);
  writes.push_back(absl::StrCat(parts[0], "/", parts[1], "=", value));
  if (parts[1] == "enabled") return WriteEnabled(parts[0], value == "1");
  return WritePush(parts[0], parts[1], value);
}

absl::StatusOr<std::unique_ptr<BlockerSource>> FakeObserver::Attach() {
  attached++;
  if (!refusal.ok()) return refusal;
  return std::make_unique<FakeBlockers>(tasks, on_read);
}

absl::Status FakeObserver::Unpin() {
  unpinned = true;
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<StackWalk>> FakeObserver::OpenStackWalk() {
  if (!walk_refusal.ok()) return walk_refusal;
  return std::make_unique<FakeStackWalk>(stacks);
}

void FakeObserver::AddTask(uint32_t tid, const std::string& comm) {
  klpx_task_info task = {};
  task.key.tid = tid;
  task.key.idle_cpu = -1;
  task.pid = tid;
  task.reason = KLPX_ON_FUNCTION;
  task.task_state = 1;
  snprintf(task.patch, sizeof(task.patch), "%s", kFakePatch);
  snprintf(task.comm, sizeof(task.comm), "%s", comm.c_str());
  snprintf(task.function, sizeof(task.function), "do_open");
  tasks.push_back(task);
}

}  // namespace klpx
