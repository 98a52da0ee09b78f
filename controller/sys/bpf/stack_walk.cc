// SPDX-License-Identifier: GPL-2.0
// The BPF iterator over all tasks. Nothing is pinned: the kernel releases
// program and link with our descriptors, however this process ends.
#include "controller/sys/bpf/stack_walk.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/sys/bpf/bpf_error.h"
#include "controller/sys/bpf/bpf_link.h"
#include "controller/sys/io/unique_fd.h"
#include "controller/sys/proc/pid_namespace.h"
#include "klpx_walk.skel.h"

// Must follow klpx/abi.h, whose types it uses.
#include "bpf/walk.h"

namespace klpx {
namespace {

constexpr size_t kReadRecords = 64;
// The lowest address of the kernel's text and of modules on x86-64.
constexpr uint64_t kLowestText = 0xffffffff80000000;

struct SkeletonDeleter {
  void operator()(klpx_walk* skeleton) const { klpx_walk__destroy(skeleton); }
};
using Skeleton = std::unique_ptr<klpx_walk, SkeletonDeleter>;

absl::Status ReadFailed(absl::string_view why) {
  return Error(ErrorKind::kBpfRefused,
               "the stacks of all tasks cannot be read through BPF: ", why);
}

TaskStack FromRecord(const klpx_walked_task& record) {
  TaskStack task;
  task.tid = record.tid;
  task.pid = record.pid;
  task.comm.assign(record.comm, strnlen(record.comm, sizeof(record.comm)));
  task.task_state = record.task_state;
  task.kthread = record.kthread;
  task.io_worker = record.io_worker;
  task.on_cpu = record.on_cpu;
  const uint32_t frames = std::min<uint32_t>(record.frames, KLPX_WALK_FRAMES);
  task.frames.assign(record.address, record.address + frames);
  if (frames > 0) {
    const uint32_t words = std::min<uint32_t>(record.words, KLPX_WALK_WORDS);
    task.innermost =
        CodeBefore(task.frames.front(),
                   std::vector<uint64_t>(record.word, record.word + words),
                   {kLowestText, UINT64_MAX});
  }
  return task;
}

class BpfStackWalk final : public StackWalk {
 public:
  BpfStackWalk(Skeleton skeleton, BpfLink link)
      : skeleton_(std::move(skeleton)), link_(std::move(link)) {}

  absl::StatusOr<std::vector<TaskStack>> Look() override {
    const UniqueFd iterator(bpf_iter_create(bpf_link__fd(link_.get())));
    if (!iterator.ok()) return ReadFailed(std::strerror(errno));
    std::vector<TaskStack> tasks;
    std::string bytes;
    for (;;) {
      const size_t left = bytes.size();
      bytes.resize(left + kReadRecords * sizeof(klpx_walked_task));
      const ssize_t got =
          read(iterator.get(), &bytes[left], bytes.size() - left);
      const int error = errno;
      bytes.resize(left + std::max<ssize_t>(got, 0));
      if (got == 0) break;
      if (got < 0 && error != EINTR && error != EAGAIN) {
        return ReadFailed(std::strerror(error));
      }
      TakeRecords(bytes, tasks);
    }
    if (!bytes.empty()) return ReadFailed("the last record is cut off");
    return tasks;
  }

 private:
  // A read may end in the middle of a record; that part stays for the next
  // read.
  static void TakeRecords(std::string& bytes, std::vector<TaskStack>& tasks) {
    klpx_walked_task record;
    size_t at = 0;
    for (; bytes.size() - at >= sizeof(record); at += sizeof(record)) {
      std::memcpy(&record, bytes.data() + at, sizeof(record));
      tasks.push_back(FromRecord(record));
    }
    bytes.erase(0, at);
  }

  Skeleton skeleton_;
  BpfLink link_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<StackWalk>> OpenBpfStackWalk() {
  const absl::Status sees = CheckSeesAllTasks();
  if (!sees.ok()) return sees;
  const LibbpfLog log;
  Skeleton skeleton(klpx_walk__open_and_load());
  if (skeleton == nullptr) return BpfRefused("load the stack walk", errno, log);
  BpfLink link(bpf_program__attach_iter(skeleton->progs.emit_task_stack,
                                        /*opts=*/nullptr));
  if (link == nullptr) return BpfRefused("attach the stack walk", errno, log);
  return std::make_unique<BpfStackWalk>(std::move(skeleton), std::move(link));
}

}  // namespace klpx
