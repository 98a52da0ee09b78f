// SPDX-License-Identifier: GPL-2.0
// A read runs three programs: they read the transition with the functions that
// must not be on a stack, the tasks that have not switched, and the idle tasks
// one by one. It takes none of the kernel's locks, so it reads the transition
// again at the end, and starts over if that has changed.
#include "controller/sys/bpf/livepatch_tasks.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/engine.h"
#include "controller/core/base/error.h"
#include "controller/core/kernel/task_stack.h"
#include "controller/sys/bpf/bpf_error.h"
#include "controller/sys/bpf/bpf_link.h"
#include "controller/sys/bpf/observer_pins.h"
#include "controller/sys/bpf/task_state_map.h"
#include "controller/sys/io/unique_fd.h"
#include "klpx_livepatch.skel.h"

// Must follow klpx/abi.h, whose types it uses.
#include "bpf/livepatch.h"

namespace klpx {
namespace {

constexpr size_t kReadBytes = 64 * 1024;
constexpr int kMostTries = 4;
constexpr uint32_t kMostCpus = 8192;

struct SkeletonDeleter {
  void operator()(klpx_livepatch* skeleton) const {
    klpx_livepatch__destroy(skeleton);
  }
};
using Skeleton = std::unique_ptr<klpx_livepatch, SkeletonDeleter>;

absl::Status ReadFailed(absl::string_view why) {
  return Error(ErrorKind::kBpfRefused,
               "cannot read the tasks of the kernel's own livepatch: ", why);
}

uint64_t NowNs() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

template <typename Request>
absl::Status Run(const bpf_program* program, Request& request) {
  bpf_test_run_opts options = {};
  options.sz = sizeof(options);
  options.ctx_in = &request;
  options.ctx_size_in = sizeof(request);
  const int error = bpf_prog_test_run_opts(bpf_program__fd(program), &options);
  if (error == 0) return absl::OkStatus();
  return ReadFailed(
      absl::StrCat(bpf_program__name(program), ": ", std::strerror(-error)));
}

template <size_t size>
std::string Text(const char (&text)[size]) {
  return std::string(text, strnlen(text, size));
}

PendingTask FromRecord(const klpx_lp_task& record) {
  PendingTask task;
  task.key = record.key;
  task.pid = record.pid;
  task.cpu = record.cpu;
  task.task_state = record.task_state;
  task.comm = Text(record.comm);
  task.kthread = record.kthread;
  task.io_worker = record.io_worker;
  task.exiting = record.exiting;
  task.on_cpu = record.on_cpu;
  return task;
}

// Copies `count` items to `to` and moves `at` on. False if the bytes end before
// that.
template <typename T>
bool Take(const std::string& bytes, size_t count, T* to, size_t& at) {
  if ((bytes.size() - at) / sizeof(T) < count) return false;
  if (count > 0) std::memcpy(to, bytes.data() + at, count * sizeof(T));
  at += count * sizeof(T);
  return true;
}

// Parses records, each followed by its frames and words. False if the last one
// is incomplete.
bool TakeRecords(const std::string& bytes, const klpx_lp_transition& facts,
                 std::vector<PendingTask>& tasks) {
  for (size_t at = 0; at < bytes.size();) {
    klpx_lp_task record;
    if (!Take(bytes, 1, &record, at)) return false;
    std::vector<uint64_t> frames(
        std::min<size_t>(record.frames, KLPX_LP_FRAMES));
    std::vector<uint64_t> words(std::min<size_t>(record.words, KLPX_LP_WORDS));
    if (!Take(bytes, frames.size(), frames.data(), at) ||
        !Take(bytes, words.size(), words.data(), at)) {
      return false;
    }
    PendingTask task = FromRecord(record);
    // The kernel shows no functions of the scheduler.
    if (!frames.empty()) {
      task.frames = CodeBefore(frames.front(), words,
                               {facts.sched_start, facts.sched_end});
    }
    task.frames.insert(task.frames.end(), frames.begin(), frames.end());
    tasks.push_back(std::move(task));
  }
  return true;
}

absl::StatusOr<std::string> ReadAll(int fd) {
  std::string bytes;
  for (;;) {
    const size_t had = bytes.size();
    bytes.resize(had + kReadBytes);
    const ssize_t got = read(fd, &bytes[had], kReadBytes);
    const int error = errno;
    bytes.resize(had + std::max<ssize_t>(got, 0));
    if (got == 0) return bytes;
    if (got < 0 && error != EINTR && error != EAGAIN) {
      return ReadFailed(std::strerror(error));
    }
  }
}

class BpfLivepatchTasks final : public LivepatchTasks {
 public:
  BpfLivepatchTasks(Skeleton skeleton, BpfLink link)
      : skeleton_(std::move(skeleton)), link_(std::move(link)) {}

  absl::StatusOr<std::vector<klpx_task_info>> Read() override {
    for (int tries = 0;; tries++) {
      klpx_lp_transition begun = {};
      absl::Status status = Run(skeleton_->progs.read_transition, begun);
      if (status.ok()) status = CheckKnown(begun);
      if (!status.ok()) return status;
      if (begun.target < 0) return Publish({});
      const auto transition = ReadFunctions(begun);
      if (!transition.ok()) return transition.status();
      const auto tasks = ReadTasks(begun);
      if (!tasks.ok()) return tasks.status();
      klpx_lp_transition ended = {};
      status = Run(skeleton_->progs.read_transition, ended);
      if (!status.ok()) return status;
      const bool same = std::memcmp(&begun, &ended, sizeof(begun)) == 0;
      if (!same && tries < kMostTries) continue;
      const auto before = ReadBefore();
      if (!before.ok()) return before.status();
      return Publish(InferReasons(*transition, *tasks, *before, NowNs()),
                     *before);
    }
  }

  absl::StatusOr<std::vector<std::string>> ReadStack(
      const klpx_task_key& key) override {
    return ReadTaskStack(bpf_program__fd(skeleton_->progs.read_stack), key);
  }

  uint64_t state_lost() const override { return state_lost_; }

 private:
  static absl::Status CheckKnown(const klpx_lp_transition& transition) {
    if (transition.error == 0) return absl::OkStatus();
    if (transition.error == -EPERM) {
      return ReadFailed(
          "kernel.kptr_restrict = 2 hides its variables; set it to 1 or 0");
    }
    return ReadFailed(absl::StrCat("its variables are not known: ",
                                   std::strerror(-transition.error)));
  }

  int map() const { return bpf_map__fd(skeleton_->maps.task_state); }

  absl::StatusOr<LivepatchTransition> ReadFunctions(
      const klpx_lp_transition& facts) const {
    LivepatchTransition transition;
    transition.patch = Text(facts.patch);
    transition.target =
        facts.target == KLPX_PATCHED ? KLPX_PATCHED : KLPX_UNPATCHED;
    const int functions = bpf_map__fd(skeleton_->maps.lp_functions);
    for (uint32_t i = 0; i < facts.functions; i++) {
      klpx_lp_function row = {};
      const int error = bpf_map_lookup_elem(functions, &i, &row);
      if (error != 0) return ReadFailed(std::strerror(-error));
      transition.functions.push_back(
          {{row.start, row.start + row.size}, Text(row.name)});
    }
    return transition;
  }

  absl::StatusOr<std::vector<PendingTask>> ReadTasks(
      const klpx_lp_transition& facts) {
    const UniqueFd iterator(bpf_iter_create(bpf_link__fd(link_.get())));
    if (!iterator.ok()) return ReadFailed(std::strerror(errno));
    const absl::StatusOr<std::string> bytes = ReadAll(iterator.get());
    if (!bytes.ok()) return bytes.status();
    std::vector<PendingTask> tasks;
    if (!TakeRecords(*bytes, facts, tasks)) {
      return ReadFailed("the last record is cut off");
    }
    for (uint32_t cpu = 0; cpu < kMostCpus; cpu++) {
      klpx_lp_idle idle = {};
      idle.cpu = cpu;
      const absl::Status status = Run(skeleton_->progs.read_idle, idle);
      if (!status.ok()) return status;
      if (idle.side == KLPX_LP_NO_CPU || idle.side == KLPX_LP_UNKNOWN) break;
      if (idle.side == 1 - facts.target) tasks.push_back(FromRecord(idle.task));
    }
    return tasks;
  }

  absl::StatusOr<EarlierBlockers> ReadBefore() const {
    const auto entries = ReadTaskMap(map());
    if (!entries.ok()) return entries.status();
    EarlierBlockers before;
    for (const klpx_task_info& info : *entries) before[info.key] = info;
    return before;
  }

  absl::StatusOr<std::vector<klpx_task_info>> Publish(
      std::vector<klpx_task_info> now) {
    const auto before = ReadBefore();
    if (!before.ok()) return before.status();
    return Publish(std::move(now), *before);
  }

  // Makes the map hold exactly the found tasks for this engine; entries of
  // klpx.ko stay.
  absl::StatusOr<std::vector<klpx_task_info>> Publish(
      std::vector<klpx_task_info> now, EarlierBlockers before) {
    for (const klpx_task_info& info : now) {
      const auto found = before.find(info.key);
      const bool free =
          found == before.end() || found->second.engine == KLPX_ENGINE_KERNEL;
      if (found != before.end()) before.erase(found);
      if (!free) continue;
      if (bpf_map_update_elem(map(), &info.key, &info, BPF_ANY) != 0) {
        state_lost_++;
      }
    }
    for (const auto& [name, info] : before) {
      if (info.engine != KLPX_ENGINE_KERNEL) continue;
      bpf_map_delete_elem(map(), &info.key);
    }
    return now;
  }

  Skeleton skeleton_;
  BpfLink link_;
  uint64_t state_lost_ = 0;
};

// Uses the pinned map if there is one that fits. If false, the new map has to
// be pinned.
bool ReusePinnedMap(const Skeleton& skeleton) {
  const UniqueFd pinned(bpf_obj_get(KLPX_PIN_TASK_STATE));
  bpf_map* map = skeleton->maps.task_state;
  bpf_map_info info = {};
  uint32_t size = sizeof(info);
  if (!pinned.ok() || bpf_obj_get_info_by_fd(pinned.get(), &info, &size) != 0) {
    return false;
  }
  return info.type == bpf_map__type(map) &&
         info.key_size == bpf_map__key_size(map) &&
         info.value_size == bpf_map__value_size(map) &&
         bpf_map__reuse_fd(map, pinned.get()) == 0;
}

absl::Status PinMap(const Skeleton& skeleton, const LibbpfLog& log) {
  absl::Status status = MakePinDirectories();
  if (!status.ok()) return status;
  unlink(KLPX_PIN_TASK_STATE);
  const int map = bpf_map__fd(skeleton->maps.task_state);
  if (bpf_obj_pin(map, KLPX_PIN_TASK_STATE) == 0) return absl::OkStatus();
  return BpfRefused(absl::StrCat("pin ", KLPX_PIN_TASK_STATE), errno, log);
}

}  // namespace

absl::StatusOr<std::unique_ptr<LivepatchTasks>> OpenLivepatchTasks() {
  const auto lock = LockPins();
  if (!lock.ok()) return lock.status();
  const LibbpfLog log;
  Skeleton skeleton(klpx_livepatch__open());
  if (skeleton == nullptr) {
    return BpfRefused("open the programs for the kernel's livepatch", errno,
                      log);
  }
  const bool reused = ReusePinnedMap(skeleton);
  const int error = klpx_livepatch__load(skeleton.get());
  if (error != 0) {
    return BpfRefused("load the programs for the kernel's livepatch", -error,
                      log);
  }
  if (!reused) {
    const absl::Status pinned = PinMap(skeleton, log);
    if (!pinned.ok()) return pinned;
  }
  BpfLink link(bpf_program__attach_iter(skeleton->progs.emit_pending,
                                        /*opts=*/nullptr));
  if (link == nullptr) {
    return BpfRefused("attach the programs for the kernel's livepatch", errno,
                      log);
  }
  return std::make_unique<BpfLivepatchTasks>(std::move(skeleton),
                                             std::move(link));
}

bool HasLivepatch() {
  return access(std::string(RowOf(Engine::kKernel).sysfs_dir).c_str(), F_OK) ==
         0;
}

bool LivepatchMoves() {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::string(RowOf(Engine::kKernel).sysfs_dir), error)) {
    // A patch that klpx has adopted.
    if (entry.is_symlink(error)) continue;
    std::ifstream file(entry.path() / "transition");
    int moves = 0;
    if (file >> moves && moves != 0) return true;
  }
  return false;
}

void ForgetLivepatchTasks() {
  const UniqueFd map(bpf_obj_get(KLPX_PIN_TASK_STATE));
  if (!map.ok()) return;
  const auto entries = ReadTaskMap(map.get());
  if (!entries.ok()) return;
  for (const klpx_task_info& info : *entries) {
    if (info.engine != KLPX_ENGINE_KERNEL) continue;
    bpf_map_delete_elem(map.get(), &info.key);
  }
}

}  // namespace klpx
