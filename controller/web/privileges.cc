// SPDX-License-Identifier: GPL-2.0
// Drops every right with which the server could change the machine.
#include "controller/web/privileges.h"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/base/run_files.h"
#include "controller/sys/io/errno_status.h"

namespace klpx {
namespace {

constexpr char kUser[] = "nobody";
// Write access to one of these would let the server change the machine's
// patches.
constexpr const char* kWritePaths[] = {
    "/sys/kernel/klpx", "/sys/kernel/livepatch", "/sys/fs/bpf/klpx",
    "/run/klpx",        "/var/lib/klpx",         "/etc/klpx",
    "/dev/kmsg",        "/proc/sysrq-trigger",
};

absl::Status Failed(absl::string_view what) {
  return ErrnoError(errno, absl::StrCat("serve: ", what));
}

absl::Status BecomeNobody() {
  const passwd* user = getpwnam(kUser);
  if (user == nullptr) {
    return Error(ErrorKind::kNotPermitted, "serve: there is no user '", kUser,
                 "' to switch to; start it as an unprivileged user");
  }
  const uid_t uid = user->pw_uid;
  const gid_t gid = user->pw_gid;
  const group* readers = getgrnam(kReaderGroup);
  const gid_t reading = readers == nullptr ? gid : readers->gr_gid;
  if (setgroups(1, &reading) != 0) return Failed("setgroups");
  if (setresgid(gid, gid, gid) != 0) return Failed("setresgid");
  if (setresuid(uid, uid, uid) != 0) return Failed("setresuid");
  return absl::OkStatus();
}

absl::Status DropCapabilities() {
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0;
       capability++) {
    // Fails without CAP_SETPCAP; then no_new_privs is the protection.
    prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  }
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return Failed("PR_SET_NO_NEW_PRIVS");
  }
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
  // A system call filter may refuse this, so the capabilities left are checked.
  syscall(SYS_capset, &header, data);
  __user_cap_data_struct left[_LINUX_CAPABILITY_U32S_3] = {};
  if (syscall(SYS_capget, &header, left) != 0) return Failed("capget");
  for (const __user_cap_data_struct& word : left) {
    if ((word.effective | word.permitted | word.inheritable) != 0) {
      return Error(ErrorKind::kNotPermitted,
                   "serve: not all capabilities could be dropped");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status DropPrivileges() {
  if (geteuid() == 0 || getuid() == 0) {
    const absl::Status dropped = BecomeNobody();
    if (!dropped.ok()) return dropped;
  }
  const absl::Status dropped = DropCapabilities();
  if (!dropped.ok()) return dropped;
  if (getuid() == 0 || geteuid() == 0 || setuid(0) == 0) {
    return Error(ErrorKind::kNotPermitted,
                 "serve: still root; start it as an "
                 "unprivileged user");
  }
  for (const char* path : kWritePaths) {
    if (access(path, W_OK) == 0) {
      return Error(ErrorKind::kNotPermitted,
                   "serve: refuses to run: this user may write to ", path,
                   "; remove that permission or use another user");
    }
  }
  return absl::OkStatus();
}

}  // namespace klpx
