// SPDX-License-Identifier: GPL-2.0
// Readers of the text the kernel publishes: kallsyms, the two function lists of
// ftrace, cgroups, its log. Text in, facts out.
#ifndef KLPX_CONTROLLER_CORE_KERNEL_FILE_PARSERS_H_
#define KLPX_CONTROLLER_CORE_KERNEL_FILE_PARSERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "controller/core/base/exit_codes.h"

namespace klpx {

inline constexpr absl::string_view kVmlinux = "vmlinux";

// (object, function); the object is kVmlinux or a module.
using FunctionKey = std::pair<std::string, std::string>;
using FunctionSet = absl::flat_hash_set<FunctionKey>;

// /proc/kallsyms: how many symbols each wanted function has.
using SymbolCounts = absl::flat_hash_map<FunctionKey, int>;
SymbolCounts CountSymbols(absl::string_view kallsyms,
                          const FunctionSet& wanted);

// available_filter_functions: which wanted functions ftrace can redirect.
FunctionSet FindTraceable(absl::string_view available,
                          const FunctionSet& wanted);

// available_filter_functions_addrs (since 6.5): the same with sorted addresses,
// which tell functions of the same name apart.
struct FtraceSites {
  FunctionSet names;
  std::vector<uint64_t> addresses;
};
FtraceSites FindFtraceSites(absl::string_view available,
                            const FunctionSet& wanted);

struct FtraceUse {
  FunctionKey function;    // the name is that of the list
  bool ip_modify = false;  // it redirects the function
  bool direct = false;     // it is a direct caller
  std::string owner;       // the callback or trampoline named; "" if none is
};

// enabled_functions: the current users of the wanted functions.
std::vector<FtraceUse> FindFtraceUsers(absl::string_view enabled,
                                       const FunctionSet& wanted);

struct KprobeUse {
  FunctionKey function;  // the name is that of the list
  std::string kind;      // "kprobe", "kretprobe"
  uint64_t offset = 0;
  bool by_ftrace = false;  // at the entry, rather than by a breakpoint
  uint64_t address = 0;    // 0: hidden
};

// kprobes/list of debugfs: the probes on the wanted functions.
std::vector<KprobeUse> FindKprobes(absl::string_view list,
                                   const FunctionSet& wanted);

// "none [integrity] confidentiality" of securityfs: "integrity"; "" for none.
std::string LockdownMode(absl::string_view text);

// modules.dep of depmod: where the file of a module is, relative to the list or
// absolute; "" if it is not listed.
std::string FindModulePath(absl::string_view modules_dep,
                           absl::string_view module);

// /proc/<tid>/cgroup: the path in the unified hierarchy, else the first one.
std::string CgroupPath(absl::string_view text);

// /proc/<tid>/status. Rules of a policy match the real uid; the effective uid
// decides what the task may do.
struct TaskUids {
  uint32_t real = 0;
  uint32_t effective = 0;
};
std::optional<TaskUids> ParseUids(absl::string_view status);

// /etc/passwd: the name of a user of this machine; "" if there is none.
std::string UserName(absl::string_view passwd, uint32_t uid);

// The warnings and errors of the engines in the kernel log (/dev/kmsg), and
// those of the module loader on this module; oldest first, without prefix.
std::vector<std::string> LogComplaints(absl::string_view kmsg,
                                       absl::string_view module);

// The symbol that such a line complains about, "" if there is none.
std::string SymbolOfLogLine(absl::string_view line);

// What kind of refusal such a line reports; kFailure if it is not known.
ErrorKind KindOfLogLine(absl::string_view line);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_KERNEL_FILE_PARSERS_H_
