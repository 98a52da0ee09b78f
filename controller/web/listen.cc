// SPDX-License-Identifier: GPL-2.0
// The sockets that the server listens on.
#include "controller/web/listen.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/base/run_files.h"
#include "controller/sys/io/errno_status.h"

namespace klpx {
namespace {

constexpr int kBacklog = 128;
constexpr int kFirstSystemdFd = 3;
constexpr int kMostSystemdFds = 16;
constexpr mode_t kSocketMode = 0660;

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

// Accepts numeric addresses only: no name is ever looked up.
AddressList Resolve(const std::string& host, const std::string& port) {
  addrinfo hints = {};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) {
    found = nullptr;
  }
  return AddressList(found, freeaddrinfo);
}

bool IsLoopback(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    const auto* in = reinterpret_cast<const sockaddr_in*>(&address);
    return (ntohl(in->sin_addr.s_addr) >> 24) == 127;
  }
  const auto* in6 = reinterpret_cast<const sockaddr_in6*>(&address);
  return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
}

// Lets the group that may read the snapshot open the page too. Also true if
// there is nothing to do: the group does not exist, or this process is not root
// and may not change the owner.
bool GiveToReaders(const std::string& path) {
  if (geteuid() != 0) return true;
  const group* readers = getgrnam(kReaderGroup);
  return readers == nullptr ||
         chown(path.c_str(), static_cast<uid_t>(-1), readers->gr_gid) == 0;
}

UniqueFd NewSocket(int family) {
  return UniqueFd(
      socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

// Removes a socket that an earlier server has left behind, but not one that a
// server still listens on.
absl::Status RemoveLeftOver(const std::string& path,
                            const sockaddr_un& address) {
  struct stat status = {};
  if (lstat(path.c_str(), &status) != 0) return absl::OkStatus();
  if (!S_ISSOCK(status.st_mode)) {
    return Error(ErrorKind::kUsage, "serve: ", path,
                 " exists and is not a socket; give another path to --unix");
  }
  const UniqueFd probe = NewSocket(AF_UNIX);
  if (connect(probe.get(), reinterpret_cast<const sockaddr*>(&address),
              sizeof(address)) == 0) {
    return Error(ErrorKind::kFailure,
                 "serve: another server already listens on ", path);
  }
  if (errno != ECONNREFUSED || unlink(path.c_str()) != 0) {
    return ErrnoError(errno, absl::StrCat("serve: ", path));
  }
  return absl::OkStatus();
}

// "http://127.0.0.1:14917/", "unix:/run/klpx/web.sock".
std::string NameOf(int fd) {
  sockaddr_storage storage = {};
  socklen_t size = sizeof(storage);
  auto* const address = reinterpret_cast<sockaddr*>(&storage);
  if (getsockname(fd, address, &size) != 0) return "a socket";
  if (address->sa_family == AF_UNIX) {
    const auto* un = reinterpret_cast<const sockaddr_un*>(&storage);
    const size_t longest = sizeof(un->sun_path);
    return absl::StrCat(
        "unix:",
        absl::string_view(un->sun_path, strnlen(un->sun_path, longest)));
  }
  char host[NI_MAXHOST] = "";
  char port[NI_MAXSERV] = "";
  if (getnameinfo(address, size, host, sizeof(host), port, sizeof(port),
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return "a socket";
  }
  const bool six = address->sa_family == AF_INET6;
  return absl::StrCat("http://", six ? "[" : "", host, six ? "]" : "", ":",
                      port, "/");
}

absl::StatusOr<Listener> AdoptSystemdSocket(int number) {
  Listener listener;
  listener.fd = UniqueFd(number);
  int listening = 0;
  socklen_t size = sizeof(listening);
  if (getsockopt(number, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 ||
      listening == 0) {
    return Error(ErrorKind::kUsage, "serve: file descriptor ", number,
                 " from systemd is not a listening socket; use "
                 "ListenStream= and Accept=no");
  }
  size = sizeof(listener.family);
  if (getsockopt(number, SOL_SOCKET, SO_DOMAIN, &listener.family, &size) != 0) {
    return ErrnoError(errno, "serve: SO_DOMAIN");
  }
  fcntl(number, F_SETFD, FD_CLOEXEC);
  fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK);
  listener.name = absl::StrCat(NameOf(number), ", from systemd");
  return listener;
}

}  // namespace

std::optional<TcpAddress> ParseListen(absl::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) return std::nullopt;
  TcpAddress address;
  absl::string_view host = text.substr(0, colon);
  address.port = std::string(text.substr(colon + 1));
  int port = 0;
  if (!absl::SimpleAtoi(address.port, &port) || port < 0 || port > 65535) {
    return std::nullopt;
  }
  const bool bracketed = absl::StartsWith(host, "[") && host.back() == ']';
  if (absl::StrContains(host, ":") != bracketed) return std::nullopt;
  if (bracketed) host = host.substr(1, host.size() - 2);
  address.host = std::string(host);
  const AddressList found = Resolve(address.host, address.port);
  if (address.host.empty() || !found) return std::nullopt;
  address.loopback = IsLoopback(*found->ai_addr);
  return address;
}

absl::StatusOr<Listener> ListenTcp(const std::string& text) {
  const std::optional<TcpAddress> address = ParseListen(text);
  if (!address) {
    return Error(ErrorKind::kUsage, "serve: --listen '", text,
                 "' is not ADDRESS:PORT; give '127.0.0.1:14917' or "
                 "'[::1]:14917'");
  }
  const AddressList found = Resolve(address->host, address->port);
  Listener listener;
  listener.family = found->ai_family;
  listener.fd = NewSocket(found->ai_family);
  const int on = 1;
  if (!listener.fd.ok() ||
      setsockopt(listener.fd.get(), SOL_SOCKET, SO_REUSEADDR, &on,
                 sizeof(on)) != 0 ||
      bind(listener.fd.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      listen(listener.fd.get(), kBacklog) != 0) {
    return ErrnoError(errno, absl::StrCat("serve: cannot listen on ", text));
  }
  listener.name = NameOf(listener.fd.get());
  return listener;
}

absl::StatusOr<Listener> ListenUnix(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path)) {
    return Error(ErrorKind::kUsage, "serve: --unix '", path,
                 "' is not a path of 1 to ", sizeof(address.sun_path) - 1,
                 " bytes");
  }
  memcpy(address.sun_path, path.data(), path.size());
  const absl::Status removed = RemoveLeftOver(path, address);
  if (!removed.ok()) return removed;
  Listener listener;
  listener.family = AF_UNIX;
  listener.fd = NewSocket(AF_UNIX);
  if (!listener.fd.ok() ||
      bind(listener.fd.get(), reinterpret_cast<const sockaddr*>(&address),
           sizeof(address)) != 0 ||
      !GiveToReaders(path) || chmod(path.c_str(), kSocketMode) != 0 ||
      listen(listener.fd.get(), kBacklog) != 0) {
    return ErrnoError(errno, absl::StrCat("serve: cannot listen on ", path));
  }
  listener.name = absl::StrCat("unix:", path);
  return listener;
}

std::string ReachWarning(const Listener& listener) {
  sockaddr_storage storage = {};
  socklen_t size = sizeof(storage);
  auto* const address = reinterpret_cast<sockaddr*>(&storage);
  if (getsockname(listener.fd.get(), address, &size) != 0 ||
      (address->sa_family != AF_INET && address->sa_family != AF_INET6)) {
    return "";
  }
  if (!IsLoopback(*address)) {
    return absl::StrCat("anyone who can reach ", listener.name,
                        " can read it; there is no password");
  }
  return absl::StrCat(
      "every local account, and every container in this network, can read ",
      listener.name, ", including command lines and kernel stacks; '--unix ",
      kDefaultSocket, "' is open to root and group ", kReaderGroup, " only");
}

std::string PeerOf(int fd) {
  sockaddr_storage storage = {};
  socklen_t size = sizeof(storage);
  auto* const address = reinterpret_cast<sockaddr*>(&storage);
  if (getpeername(fd, address, &size) != 0) return "";
  if (address->sa_family == AF_UNIX) {
    ucred who = {};
    size = sizeof(who);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return "";
    return absl::StrCat("uid ", who.uid);
  }
  char host[NI_MAXHOST] = "";
  if (getnameinfo(address, size, host, sizeof(host), nullptr, 0,
                  NI_NUMERICHOST) != 0) {
    return "";
  }
  return host;
}

absl::StatusOr<std::vector<Listener>> TakeSystemdSockets() {
  std::vector<Listener> listeners;
  const char* pid = getenv("LISTEN_PID");
  const char* count = getenv("LISTEN_FDS");
  int64_t wanted_pid = 0;
  int fds = 0;
  if (pid == nullptr || count == nullptr ||
      !absl::SimpleAtoi(pid, &wanted_pid) || wanted_pid != getpid() ||
      !absl::SimpleAtoi(count, &fds) || fds < 1 || fds > kMostSystemdFds) {
    return listeners;
  }
  for (int i = 0; i < fds; i++) {
    absl::StatusOr<Listener> listener = AdoptSystemdSocket(kFirstSystemdFd + i);
    if (!listener.ok()) return listener.status();
    listeners.push_back(*std::move(listener));
  }
  return listeners;
}

}  // namespace klpx
