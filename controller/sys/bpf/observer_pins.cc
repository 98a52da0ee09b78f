// SPDX-License-Identifier: GPL-2.0
// Crash-only: the layout map is pinned last, so that pins without it, or with
// that of another build, are recognised as unfinished or foreign and made
// again. All of this happens under one lock.
#include "controller/sys/bpf/observer_pins.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "controller/core/base/abi.h"
#include "controller/core/base/error.h"
#include "controller/core/base/run_files.h"
#include "controller/core/patch/fnv1a.h"
#include "controller/sys/bpf/bpf_error.h"
#include "controller/sys/bpf/bpf_link.h"
#include "controller/sys/io/file_lock.h"
#include "klpx_bpf.skel.h"

// Must follow klpx/abi.h, whose types it uses.
#include "bpf/layout.h"

namespace klpx {
namespace {

constexpr absl::Duration kPinsLockTimeout = absl::Seconds(60);
constexpr absl::Duration kReleaseTimeout = absl::Seconds(10);
constexpr absl::Duration kReleaseRetry = absl::Milliseconds(10);

constexpr char kBpffs[] = "/sys/fs/bpf";
constexpr char kMapsDir[] = KLPX_BPFFS_DIR "/maps";
constexpr char kItersDir[] = KLPX_BPFFS_DIR "/iters";
constexpr char kProgsDir[] = KLPX_BPFFS_DIR "/progs";
constexpr char kLayoutPin[] = KLPX_BPFFS_DIR "/maps/klp_layout";
constexpr char kReadStackPin[] = KLPX_BPFFS_DIR "/progs/read_stack";
constexpr char kModuleDir[] = "/sys/module/" KLPX_MODULE_NAME;
constexpr mode_t kPrivate = 0700;

struct SkeletonDeleter {
  void operator()(klpx_bpf* skeleton) const { klpx_bpf__destroy(skeleton); }
};
using Skeleton = std::unique_ptr<klpx_bpf, SkeletonDeleter>;

absl::Status Failed(int error, absl::string_view operation) {
  return absl::ErrnoToStatus(error, absl::StrCat("BPF observer: ", operation));
}

// Builds are told apart by a fingerprint of the BPF object.
klpx_layout ThisBuild() {
  size_t size = 0;
  const auto* bytes = static_cast<const char*>(klpx_bpf__elf_bytes(&size));
  return {.abi = KLPX_ABI_VERSION,
          .links = 0,
          .build = Fnv1a(absl::string_view(bytes, size))};
}

absl::StatusOr<uint64_t> ReadNumber(const std::string& path) {
  std::ifstream file(path);
  uint64_t number = 0;
  if (file >> number) return number;
  return absl::NotFoundError(absl::StrCat("cannot read ", path));
}

absl::Status CheckEngine() {
  const absl::StatusOr<uint64_t> abi = ReadNumber(KLPX_STATS_DIR "/abi");
  if (!abi.ok()) {
    return Error(ErrorKind::kNoEngine,
                 "BPF observer: klpx.ko is not loaded; to load it: modprobe "
                 "klpx");
  }
  if (*abi == KLPX_ABI_VERSION) return absl::OkStatus();
  return Error(ErrorKind::kNoEngine, "BPF observer: klpx.ko has ABI ", *abi,
               ", this klp-controller needs ", KLPX_ABI_VERSION,
               "; install both from one build and reload klpx.ko");
}

absl::Status MountBpffs() {
  struct statfs info;
  if (statfs(kBpffs, &info) == 0 && info.f_type == BPF_FS_MAGIC) {
    return absl::OkStatus();
  }
  if (mount("bpf", kBpffs, "bpf", 0, "mode=0700") == 0) {
    return absl::OkStatus();
  }
  return Failed(errno, absl::StrCat("mount bpf on ", kBpffs));
}

absl::Status MakeDirectory(const char* path, mode_t mode) {
  if (mkdir(path, mode) == 0 || errno == EEXIST) return absl::OkStatus();
  return Failed(errno, absl::StrCat("mkdir ", path));
}

}  // namespace

absl::Status MakePinDirectories() {
  absl::Status mounted = MountBpffs();
  if (!mounted.ok()) return mounted;
  for (const char* path :
       {KLPX_BPFFS_DIR, kMapsDir, KLPX_PIN_LINKS_DIR, kItersDir, kProgsDir}) {
    absl::Status made = MakeDirectory(path, kPrivate);
    if (!made.ok()) return made;
  }
  return absl::OkStatus();
}

namespace {

std::vector<std::string> EntriesOf(const std::string& directory) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> open(opendir(directory.c_str()),
                                                 closedir);
  while (open != nullptr) {
    const dirent* entry = readdir(open.get());
    if (entry == nullptr) break;
    const absl::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  return names;
}

// Removes everything below a path: pins of another build may have other names.
absl::Status RemoveTree(const std::string& path) {
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  if (errno != EISDIR && errno != EPERM) {
    return Failed(errno, absl::StrCat("unlink ", path));
  }
  for (const std::string& name : EntriesOf(path)) {
    absl::Status removed = RemoveTree(absl::StrCat(path, "/", name));
    if (!removed.ok()) return removed;
  }
  if (rmdir(path.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  return Failed(errno, absl::StrCat("rmdir ", path));
}

// Removes the layout first: from then on the set of pins counts as unfinished.
absl::Status RemoveAll() {
  absl::Status removed = RemoveTree(kLayoutPin);
  return removed.ok() ? RemoveTree(KLPX_BPFFS_DIR) : removed;
}

UniqueFd OpenPin(const char* path) { return UniqueFd(bpf_obj_get(path)); }

bool IsComplete(const klpx_layout& wanted) {
  const UniqueFd map = OpenPin(kLayoutPin);
  const uint32_t zero = 0;
  klpx_layout found = {};
  return map.ok() && bpf_map_lookup_elem(map.get(), &zero, &found) == 0 &&
         found.abi == wanted.abi && found.build == wanted.build &&
         found.links == EntriesOf(KLPX_PIN_LINKS_DIR).size() &&
         access(KLPX_PIN_TASKS_ITER, F_OK) == 0;
}

absl::StatusOr<ino_t> InodeOf(const char* path) {
  struct stat info;
  if (stat(path, &info) == 0) return info.st_ino;
  return Failed(errno, absl::StrCat("stat ", path));
}

absl::StatusOr<ObserverPins> OpenPins() {
  ObserverPins pins;
  const absl::StatusOr<ino_t> inode = InodeOf(KLPX_PIN_TASK_STATE);
  if (!inode.ok()) return inode.status();
  pins.task_state_inode = *inode;
  const std::pair<UniqueFd*, const char*> wanted[] = {
      {&pins.task_state, KLPX_PIN_TASK_STATE},
      {&pins.counters, KLPX_PIN_COUNTERS},
      {&pins.read_stack, kReadStackPin},
  };
  for (const auto& [pin, path] : wanted) {
    *pin = OpenPin(path);
    if (!pin->ok()) return Failed(errno, absl::StrCat("open ", path));
  }
  return pins;
}

// Loads the programs with the engine's kfunc, or without it if the verifier
// refuses that (klpx_ask_engine in bpf/compat.bpf.h). Null, with errno, if both
// fail.
Skeleton Load() {
  int error = 0;
  for (const bool ask_engine : {true, false}) {
    Skeleton skeleton(klpx_bpf__open());
    if (skeleton == nullptr) return nullptr;
    skeleton->rodata->klpx_ask_engine = ask_engine;
    error = -klpx_bpf__load(skeleton.get());
    if (error == 0) return skeleton;
  }
  errno = error;
  return nullptr;
}

// Pins the object; the caller keeps the descriptor.
absl::Status Pin(int fd, const std::string& path, const LibbpfLog& log) {
  if (bpf_obj_pin(fd, path.c_str()) == 0) return absl::OkStatus();
  return BpfRefused(absl::StrCat("pin ", path), errno, log);
}

// Pins all maps but the layout.
absl::Status PinMaps(const Skeleton& skeleton, const LibbpfLog& log) {
  const std::pair<bpf_map*, const char*> maps[] = {
      {skeleton->maps.task_state, KLPX_PIN_TASK_STATE},
      {skeleton->maps.klp_counters, KLPX_PIN_COUNTERS},
  };
  for (const auto& [map, path] : maps) {
    absl::Status pinned = Pin(bpf_map__fd(map), path, log);
    if (!pinned.ok()) return pinned;
  }
  return absl::OkStatus();
}

absl::Status PinLinks(const Skeleton& skeleton, const LibbpfLog& log) {
  bpf_program* program;
  bpf_object__for_each_program(program, skeleton->obj) {
    if (bpf_program__expected_attach_type(program) != BPF_TRACE_RAW_TP) {
      continue;
    }
    const char* name = bpf_program__name(program);
    const BpfLink link(bpf_program__attach(program));
    if (link == nullptr) {
      return BpfRefused(absl::StrCat("attach ", name), errno, log);
    }
    absl::Status pinned = Pin(bpf_link__fd(link.get()),
                              absl::StrCat(KLPX_PIN_LINKS_DIR, "/", name), log);
    if (!pinned.ok()) return pinned;
  }
  return absl::OkStatus();
}

absl::Status PinIterator(const Skeleton& skeleton, const LibbpfLog& log) {
  bpf_iter_link_info info = {};
  info.map.map_fd = bpf_map__fd(skeleton->maps.task_state);
  bpf_iter_attach_opts options = {};
  options.sz = sizeof(options);
  options.link_info = &info;
  options.link_info_len = sizeof(info);
  const BpfLink link(
      bpf_program__attach_iter(skeleton->progs.emit_blocked_task, &options));
  if (link == nullptr)
    return BpfRefused("attach emit_blocked_task", errno, log);
  return Pin(bpf_link__fd(link.get()), KLPX_PIN_TASKS_ITER, log);
}

absl::Status PinReadStack(const Skeleton& skeleton, const LibbpfLog& log) {
  return Pin(bpf_program__fd(skeleton->progs.read_stack), kReadStackPin, log);
}

absl::Status PinLayout(const Skeleton& skeleton, klpx_layout layout,
                       const LibbpfLog& log) {
  layout.links = EntriesOf(KLPX_PIN_LINKS_DIR).size();
  const int map = bpf_map__fd(skeleton->maps.klp_layout);
  const uint32_t zero = 0;
  const int error = bpf_map_update_elem(map, &zero, &layout, BPF_ANY);
  if (error != 0) return BpfRefused("write klp_layout", -error, log);
  return Pin(map, kLayoutPin, log);
}

absl::Status MakePins(const klpx_layout& layout) {
  const LibbpfLog log;
  const Skeleton skeleton = Load();
  if (skeleton == nullptr) return BpfRefused("load", errno, log);
  absl::Status status = PinMaps(skeleton, log);
  if (status.ok()) status = PinLinks(skeleton, log);
  if (status.ok()) status = PinIterator(skeleton, log);
  if (status.ok()) status = PinReadStack(skeleton, log);
  if (status.ok()) status = PinLayout(skeleton, layout, log);
  return status;
}

// True when nothing but loaded patch modules uses klpx.ko.
bool IsEngineReleased() {
  const absl::StatusOr<uint64_t> users =
      ReadNumber(absl::StrCat(kModuleDir, "/refcnt"));
  return !users.ok() ||
         *users <= EntriesOf(absl::StrCat(kModuleDir, "/holders")).size();
}

}  // namespace

absl::StatusOr<FileLock> LockPins() {
  return FileLock::Wait(kObserverFile, "observer", kPinsLockTimeout);
}

absl::StatusOr<ObserverPins> OpenOrMakePins() {
  absl::Status status = CheckEngine();
  if (status.ok()) status = CheckBpfPossible();
  if (!status.ok()) return status;
  const auto lock = LockPins();
  if (!lock.ok()) return lock.status();
  const klpx_layout layout = ThisBuild();
  if (IsComplete(layout)) {
    absl::StatusOr<ObserverPins> pins = OpenPins();
    if (pins.ok()) return pins;
  }
  status = RemoveAll();
  if (!status.ok()) return status;
  absl::Cleanup undo = [] { RemoveAll().IgnoreError(); };
  status = MakePinDirectories();
  if (status.ok()) status = MakePins(layout);
  if (!status.ok()) return status;
  absl::StatusOr<ObserverPins> pins = OpenPins();
  if (pins.ok()) std::move(undo).Cancel();
  return pins;
}

absl::Status CheckPinned(const ObserverPins& pins) {
  const absl::StatusOr<ino_t> inode = InodeOf(KLPX_PIN_TASK_STATE);
  if (inode.ok() && *inode == pins.task_state_inode) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(
      KLPX_PIN_TASK_STATE, ": removed or replaced by another process"));
}

absl::StatusOr<uint64_t> CountMissedRuns() {
  uint64_t missed = 0;
  for (const std::string& name : EntriesOf(KLPX_PIN_LINKS_DIR)) {
    const std::string path = absl::StrCat(KLPX_PIN_LINKS_DIR, "/", name);
    const UniqueFd link = OpenPin(path.c_str());
    bpf_link_info link_info = {};
    uint32_t size = sizeof(link_info);
    if (bpf_obj_get_info_by_fd(link.get(), &link_info, &size) != 0) {
      return Failed(errno, absl::StrCat("read ", path));
    }
    const UniqueFd program(bpf_prog_get_fd_by_id(link_info.prog_id));
    bpf_prog_info info = {};
    size = sizeof(info);
    if (bpf_obj_get_info_by_fd(program.get(), &info, &size) != 0) {
      return Failed(errno, absl::StrCat("read the program of ", path));
    }
    missed += info.recursion_misses;
  }
  return missed;
}

absl::Status RemovePins() {
  const auto lock = LockPins();
  if (!lock.ok()) return lock.status();
  absl::Status removed = RemoveAll();
  if (!removed.ok()) return removed;
  const auto deadline = std::chrono::steady_clock::now() +
                        absl::ToChronoNanoseconds(kReleaseTimeout);
  while (!IsEngineReleased() && std::chrono::steady_clock::now() < deadline) {
    absl::SleepFor(kReleaseRetry);
  }
  if (IsEngineReleased()) return absl::OkStatus();
  return Error(ErrorKind::kModulePinned,
               "klpx.ko: still in use after all BPF pins were removed: another "
               "program is attached to it ('bpftool prog' lists them)");
}

}  // namespace klpx
