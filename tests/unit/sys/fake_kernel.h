// SPDX-License-Identifier: GPL-2.0
// A simulated kernel: files in memory, modules, and an engine that follows
// docs/SYSFS.md, with transitions that take as long as the test wants.
#ifndef KLPX_TESTS_UNIT_SYS_FAKE_KERNEL_H_
#define KLPX_TESTS_UNIT_SYS_FAKE_KERNEL_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "controller/core/kernel/recent_transitions.h"
#include "controller/sys/bpf/blocker_source.h"
#include "controller/sys/bpf/policy_access.h"
#include "controller/sys/proc/kernel.h"

namespace klpx {

inline constexpr char kFakePatch[] = "test_fix";

struct FakePatch {
  Engine engine = Engine::kKlpx;
  bool adopted = false;
  bool enabled = true;
  bool transition = false;
  bool forced = false;
  int tasks = 10;
  int pending = 0;
  int order = 1;
  bool replace = false;
  absl::Duration started;
  // Files in the patch's directory, besides those that every patch has.
  std::map<std::string, std::string> files;
};

class FakeKernel final : public Kernel {
 public:
  // klpx.ko is installed, not loaded; the kernel has do_open and do_close.
  FakeKernel();

  absl::StatusOr<std::string> ReadFile(const std::string& path) override;
  absl::Status WriteFile(const std::string& path,
                         absl::string_view value) override;
  absl::StatusOr<std::vector<std::string>> ListDirectory(
      const std::string& path) override;
  bool Exists(const std::string& path) override;
  bool IsSymlink(const std::string& path) override;
  absl::StatusOr<std::string> ReadModule(const std::string& path) override;
  absl::Status CheckTrusted(const std::string& path) override;
  absl::Status LoadModule(const std::string& path,
                          absl::string_view module) override;
  absl::Status UnloadModule(const std::string& name) override;
  std::string ReadKernelLog() override { return log; }
  bool IsRoot() override { return root; }
  Host ReadHost() override;
  absl::Duration Monotonic() override { return now; }
  void Sleep(absl::Duration duration) override;
  bool Interrupted() override { return interrupted; }

  // Loads the engine and this patch, as if that had happened before the test.
  FakePatch& AddPatch(const std::string& name, Engine engine = Engine::kKlpx);
  // The same, of a patch that began to go in just now.
  FakePatch& AddMovingPatch(const std::string& name, int pending,
                            Engine engine = Engine::kKlpx);
  // The same for a patch that was made for the kernel's engine and that klpx
  // runs.
  FakePatch& AddAdopted(const std::string& name);

  bool root = true;
  bool interrupted = false;
  absl::Duration now = absl::Seconds(100);
  // The duration of the next transition; infinite: until it is pushed.
  absl::Duration transition_time = absl::Milliseconds(100);
  // The engine of the patches that are loaded next.
  Engine load_engine = Engine::kKlpx;
  // The errno of init_module, for any module or for patches only, and what the
  // engine logs then.
  int load_errno = 0;
  int patch_errno = 0;
  std::string load_log;
  int unload_errno = 0;
  // What klpx.ko does with patches made for the kernel's engine; nothing: it
  // has no files for that.
  std::optional<bool> adopt;
  std::string engine_for;
  // The errno of a write to either file, and what the engine logs then.
  int adopt_errno = 0;
  std::string adopt_log;
  // Loses what is written to engine_for.
  bool forgets_engine_for = false;
  // The loaded bytes, by path.
  std::map<std::string, std::string> loaded;
  // Called after a module file was read.
  std::function<void(const std::string&)> on_module_read;
  // Files that users other than root can write.
  std::set<std::string> untrusted;
  // The number of tasks switched since the engine was loaded.
  int switched = 0;
  // The errno of every write to an attribute.
  int write_errno = 0;
  std::string log;
  std::map<std::string, std::string> files;
  std::map<std::string, int> read_errno;
  std::map<std::string, FakePatch> patches;
  std::vector<std::string> modules;
  std::set<std::string> permanent;  // modules without module_exit()
  // Modules that are patches of the kernel's own engine.
  std::set<std::string> livepatches;
  // The engine's list of recent transitions.
  std::vector<RecentTransition> recent;
  // All writes as "path=value", in order.
  std::vector<std::string> writes;
  std::function<void()> on_sleep;

 private:
  std::map<std::string, std::string> AllFiles();
  void AddFilesOf(const std::string& name, const FakePatch& patch,
                  std::map<std::string, std::string>& all) const;
  void StartTransition(const std::string& name, bool enable);
  // The running transition of the patch; null if there is none.
  RecentTransition* Running(const std::string& name);
  void Advance();
  absl::Status WriteAdoption(absl::string_view file, absl::string_view value);
  bool WillAdopt(const std::string& module) const;
  absl::Status WriteEnabled(const std::string& name, bool value);
  absl::Status WritePush(const std::string& name, const std::string& attribute,
                         absl::string_view value);
  std::string RecentText() const;
};

class FakeBlockers final : public BlockerSource {
 public:
  // Keeps a reference, so that later changes by the test are seen, too.
  explicit FakeBlockers(const std::vector<klpx_task_info>& tasks,
                        const std::function<void()>& on_read = nullptr)
      : tasks_(tasks), on_read_(on_read) {}
  absl::StatusOr<std::vector<klpx_task_info>> ReadTaskState() override {
    if (on_read_) on_read_();
    return tasks_;
  }
  absl::StatusOr<std::vector<std::string>> ReadStack(
      const klpx_task_key&) override {
    return std::vector<std::string>{"do_open+0x10", "bpf_trampoline_7+0x5f"};
  }
  absl::StatusOr<LossCounters> ReadCounters() override {
    return LossCounters();
  }

 private:
  const std::vector<klpx_task_info>& tasks_;
  const std::function<void()> on_read_;
};

class FakeStackWalk final : public StackWalk {
 public:
  explicit FakeStackWalk(std::vector<TaskStack> stacks)
      : stacks_(std::move(stacks)) {}
  absl::StatusOr<std::vector<TaskStack>> Look() override { return stacks_; }

 private:
  std::vector<TaskStack> stacks_;
};

class FakeObserver final : public ObserverAccess {
 public:
  absl::StatusOr<std::unique_ptr<BlockerSource>> Attach() override;
  absl::Status Unpin() override;
  absl::StatusOr<std::unique_ptr<StackWalk>> OpenStackWalk() override;

  // A task that blocks the patch kFakePatch in do_open().
  void AddTask(uint32_t tid, const std::string& comm);

  absl::Status refusal;
  std::vector<klpx_task_info> tasks;
  // Called by what is attached from then on, at each read of the tasks.
  std::function<void()> on_read;
  absl::Status walk_refusal;
  std::vector<TaskStack> stacks;  // the same at every look
  bool unpinned = false;
  int attached = 0;
};

class FakePolicy final : public PolicyAccess {
 public:
  CgroupIds FindCgroups(const std::vector<std::string>&) override {
    return cgroups;
  }
  absl::Status Apply(const std::vector<klpx_rule>& rows) override {
    if (refusal.ok()) applied = rows;
    return refusal;
  }
  absl::StatusOr<std::vector<klpx_rule>> ReadRows() override { return applied; }
  absl::Status AttachObject(const std::string& path) override {
    if (refusal.ok()) object = path;
    return refusal;
  }
  absl::StatusOr<bool> Detach() override {
    const bool was_there = !applied.empty() || !object.empty();
    applied.clear();
    object.clear();
    return was_there;
  }

  CgroupIds cgroups;
  absl::Status refusal;
  std::vector<klpx_rule> applied;
  std::string object;
};

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_SYS_FAKE_KERNEL_H_
