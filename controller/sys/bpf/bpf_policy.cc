// SPDX-License-Identifier: GPL-2.0
// The policy programs in the kernel and their pins, all under KLPX_POLICY_DIR:
// the link and, for our own policy, the two maps with the rules.
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/membarrier.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "controller/core/base/error.h"
#include "controller/core/base/run_files.h"
#include "controller/sys/bpf/bpf_error.h"
#include "controller/sys/bpf/bpf_link.h"
#include "controller/sys/bpf/observer_pins.h"
#include "controller/sys/bpf/policy_access.h"
#include "controller/sys/io/file_lock.h"
#include "controller/sys/io/read_file.h"
#include "controller/sys/io/unique_fd.h"
#include "klpx_policy_bpf.skel.h"

namespace klpx {
namespace {

constexpr char kLinkPin[] = KLPX_PIN_POLICY_LINK;
constexpr char kRulesPin[] = KLPX_POLICY_DIR "/klp_rules";
constexpr char kRuleSetPin[] = KLPX_POLICY_DIR "/klp_rule_set";
constexpr char kCgroupDir[] = "/sys/fs/cgroup";
constexpr char kStructOps[] = "klpx_policy";
constexpr absl::Duration kLockTimeout = absl::Seconds(30);
constexpr mode_t kPrivate = 0700;
constexpr size_t kObjectBytes = size_t{64} << 20;

struct SkeletonDeleter {
  void operator()(klpx_policy_bpf* skeleton) const {
    klpx_policy_bpf__destroy(skeleton);
  }
};
struct ObjectDeleter {
  void operator()(bpf_object* object) const { bpf_object__close(object); }
};

absl::Status Failed(int error, absl::string_view operation) {
  return absl::ErrnoToStatus(error, absl::StrCat("policy: ", operation));
}

absl::Status Refused(absl::string_view operation, int error,
                     const LibbpfLog& log) {
  if (error == EBUSY) {
    std::ifstream stats(KLPX_STATS_DIR "/policy");
    std::string name;
    std::getline(stats, name);
    return Error(ErrorKind::kRefused, "policy: another policy, '", name,
                 "', is attached; detach it first ('klp-controller policy "
                 "unload', or end the process that holds it)");
  }
  return BpfRefused(absl::StrCat("policy: ", operation), error, log);
}

// The name that libbpf gives to an object with this path.
std::string ObjectName(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  return name.substr(0, name.find('.'));
}

void RemovePins() {
  for (const char* path : {kLinkPin, kRulesPin, kRuleSetPin}) unlink(path);
  rmdir(KLPX_POLICY_DIR);
}

// The two maps of an attached policy of this build.
struct RuleMaps {
  UniqueFd rules{-1};
  UniqueFd set{-1};
};

bool HoldsRules(int map, uint32_t entries, uint32_t bytes, uint32_t flags) {
  bpf_map_info info = {};
  uint32_t size = sizeof(info);
  return bpf_obj_get_info_by_fd(map, &info, &size) == 0 &&
         info.max_entries == entries && info.value_size == bytes &&
         (info.map_flags & flags) == flags;
}

RuleMaps OpenRuleMaps() {
  RuleMaps maps;
  if (access(kLinkPin, F_OK) != 0) return maps;
  maps.rules = UniqueFd(bpf_obj_get(kRulesPin));
  maps.set = UniqueFd(bpf_obj_get(kRuleSetPin));
  if (maps.rules.ok() && maps.set.ok() &&
      HoldsRules(maps.rules.get(), 2 * KLPX_RULES_MAX, sizeof(klpx_rule), 0) &&
      HoldsRules(maps.set.get(), 1, sizeof(klpx_rule_set), BPF_F_MMAPABLE)) {
    return maps;
  }
  return {};
}

// Switches to the new rows with one release store, which klp_push() reads with
// one load. When this returns, no program still walks the old rows, so the next
// change may overwrite them.
absl::Status TurnTo(int set, const klpx_rule_set& next) {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  void* at = mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED, set,
                  /*offset=*/0);
  if (at == MAP_FAILED) return Failed(errno, "map klp_rule_set");
  auto* mapped = static_cast<klpx_rule_set*>(at);
  __atomic_store_n(&mapped->word, next.word, __ATOMIC_RELEASE);
  munmap(at, page);
  // Waits as synchronize_rcu() does; programs of struct_ops are RCU readers.
  syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
  return absl::OkStatus();
}

// Writes the rows into the half of the map that is not in force, then switches
// to that half.
absl::Status WriteRows(int rules, int set, const std::vector<klpx_rule>& rows) {
  const uint32_t zero = 0;
  klpx_rule_set now = {};
  if (bpf_map_lookup_elem(set, &zero, &now) != 0) {
    return Failed(errno, "read the map klp_rule_set");
  }
  klpx_rule_set next = {};
  next.first = now.first == 0 ? KLPX_RULES_MAX : 0U;
  next.count = static_cast<uint32_t>(rows.size());
  for (uint32_t i = 0; i < next.count; ++i) {
    const uint32_t row = next.first + i;
    if (bpf_map_update_elem(rules, &row, &rows[i], BPF_ANY) != 0) {
      return Failed(errno, "write the map klp_rules");
    }
  }
  return TurnTo(set, next);
}

absl::StatusOr<std::vector<klpx_rule>> RowsNow(const RuleMaps& maps) {
  const uint32_t zero = 0;
  klpx_rule_set now = {};
  if (bpf_map_lookup_elem(maps.set.get(), &zero, &now) != 0) {
    return Failed(errno, "read the map klp_rule_set");
  }
  std::vector<klpx_rule> rows(std::min<uint32_t>(now.count, KLPX_RULES_MAX));
  for (uint32_t i = 0; i < rows.size(); ++i) {
    const uint32_t row = now.first + i;
    if (bpf_map_lookup_elem(maps.rules.get(), &row, &rows[i]) != 0) {
      return Failed(errno, "read the map klp_rules");
    }
  }
  return rows;
}

absl::Status Pin(int fd, const char* path, const LibbpfLog& log) {
  if (bpf_obj_pin(fd, path) == 0) return absl::OkStatus();
  return Refused(absl::StrCat("pin ", path), errno, log);
}

absl::Status MakeDirectory() {
  if (mkdir(KLPX_POLICY_DIR, kPrivate) == 0 || errno == EEXIST) {
    return absl::OkStatus();
  }
  return Failed(errno, "mkdir " KLPX_POLICY_DIR);
}

// Call this last, when the rows are written and everything else is pinned.
absl::Status AttachMap(bpf_map* map, const LibbpfLog& log) {
  const BpfLink link(bpf_map__attach_struct_ops(map));
  if (link == nullptr) return Refused("attach", errno, log);
  return Pin(bpf_link__fd(link.get()), kLinkPin, log);
}

absl::Status AttachOurs(const std::vector<klpx_rule>& rows) {
  const LibbpfLog log;
  const std::unique_ptr<klpx_policy_bpf, SkeletonDeleter> skeleton(
      klpx_policy_bpf__open_and_load());
  if (skeleton == nullptr) return Refused("load", errno, log);
  const int rules = bpf_map__fd(skeleton->maps.klp_rules);
  const int set = bpf_map__fd(skeleton->maps.klp_rule_set);
  absl::Status status = WriteRows(rules, set, rows);
  if (status.ok()) status = MakeDirectory();
  if (!status.ok()) return status;
  absl::Cleanup undo = RemovePins;
  status = Pin(rules, kRulesPin, log);
  if (status.ok()) status = Pin(set, kRuleSetPin, log);
  if (status.ok()) status = AttachMap(skeleton->maps.klp_policy, log);
  if (status.ok()) std::move(undo).Cancel();
  return status;
}

// The struct_ops map of the object, which must be the only one and a
// klpx_policy.
absl::StatusOr<bpf_map*> FindPolicy(bpf_object* object,
                                    const std::string& path) {
  bpf_map* found = nullptr;
  bpf_map* map;
  bpf_object__for_each_map(map, object) {
    if (bpf_map__type(map) != BPF_MAP_TYPE_STRUCT_OPS) continue;
    const btf_type* type = btf__type_by_id(bpf_object__btf(object),
                                           bpf_map__btf_value_type_id(map));
    const char* name =
        type == nullptr
            ? nullptr
            : btf__name_by_offset(bpf_object__btf(object), type->name_off);
    if (found != nullptr || name == nullptr ||
        std::strcmp(name, kStructOps) != 0) {
      found = nullptr;
      break;
    }
    found = map;
  }
  if (found != nullptr) return found;
  return Error(ErrorKind::kRefused, "'", path,
               "': must have exactly one struct_ops,"
               " of type klpx_policy (include/klpx/policy.h)");
}

absl::Status CheckNoPin() {
  if (access(kLinkPin, F_OK) != 0) return absl::OkStatus();
  const LibbpfLog log;
  return Refused("attach", EBUSY, log);
}

class BpfPolicy final : public PolicyAccess {
 public:
  CgroupIds FindCgroups(const std::vector<std::string>& paths) override {
    CgroupIds ids;
    for (const std::string& path : paths) {
      struct stat info;
      // The number of a cgroup's inode is its id.
      if (stat(absl::StrCat(kCgroupDir, path).c_str(), &info) == 0) {
        ids[path] = info.st_ino;
      }
    }
    return ids;
  }

  absl::Status Apply(const std::vector<klpx_rule>& rows) override {
    const auto lock = FileLock::Wait(kPolicyLock, "policy", kLockTimeout);
    if (!lock.ok()) return lock.status();
    absl::Status possible = CheckBpfPossible();
    if (!possible.ok()) return possible;
    const RuleMaps maps = OpenRuleMaps();
    if (maps.rules.ok()) {
      return WriteRows(maps.rules.get(), maps.set.get(), rows);
    }
    // Remove a policy of another build, or an unfinished one. A policy that a
    // user has loaded has no pinned rules, and stays.
    if (access(kRulesPin, F_OK) == 0) RemovePins();
    absl::Status free = CheckNoPin();
    return free.ok() ? AttachOurs(rows) : free;
  }

  absl::StatusOr<std::vector<klpx_rule>> ReadRows() override {
    const auto lock = FileLock::Wait(kPolicyLock, "policy", kLockTimeout);
    if (!lock.ok()) return lock.status();
    const RuleMaps maps = OpenRuleMaps();
    if (!maps.rules.ok()) return std::vector<klpx_rule>();
    return RowsNow(maps);
  }

  absl::Status AttachObject(const std::string& path) override {
    const auto lock = FileLock::Wait(kPolicyLock, "policy", kLockTimeout);
    if (!lock.ok()) return lock.status();
    absl::Status status = CheckBpfPossible();
    if (status.ok()) status = CheckNoPin();
    if (!status.ok()) return status;
    const LibbpfLog log;
    // Not by its path: libbpf would block on a FIFO, and read the file twice.
    const absl::StatusOr<std::string> bytes = ReadRegular(path, kObjectBytes);
    if (!bytes.ok()) return WithKind(bytes.status(), ErrorKind::kRefused);
    const std::string name = ObjectName(path);
    LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = name.c_str());
    const std::unique_ptr<bpf_object, ObjectDeleter> object(
        bpf_object__open_mem(bytes->data(), bytes->size(), &options));
    if (object == nullptr) {
      return Error(ErrorKind::kRefused, "'", path,
                   "': not a BPF object: ", std::strerror(errno));
    }
    const absl::StatusOr<bpf_map*> map = FindPolicy(object.get(), path);
    if (!map.ok()) return map.status();
    if (const int error = bpf_object__load(object.get()); error != 0) {
      return Refused(absl::StrCat("load '", path, "'"), -error, log);
    }
    status = MakeDirectory();
    if (!status.ok()) return status;
    absl::Cleanup undo = RemovePins;
    status = AttachMap(*map, log);
    if (status.ok()) std::move(undo).Cancel();
    return status;
  }

  absl::StatusOr<bool> Detach() override {
    const auto lock = FileLock::Wait(kPolicyLock, "policy", kLockTimeout);
    if (!lock.ok()) return lock.status();
    const bool was_there = access(kLinkPin, F_OK) == 0;
    RemovePins();
    return was_there;
  }
};

}  // namespace

std::unique_ptr<PolicyAccess> BpfPolicyAccess() {
  return std::make_unique<BpfPolicy>();
}

}  // namespace klpx
