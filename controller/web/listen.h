// SPDX-License-Identifier: GPL-2.0
// The sockets that the server listens on: TCP, a unix socket, or those that
// systemd passes. They are opened before privileges are dropped.
#ifndef KLPX_CONTROLLER_WEB_LISTEN_H_
#define KLPX_CONTROLLER_WEB_LISTEN_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/sys/io/unique_fd.h"

namespace klpx {

// The default; like the snapshot, it is open to group klpx.
inline constexpr char kDefaultSocket[] = "/run/klpx/web.sock";
inline constexpr char kDefaultListen[] = "127.0.0.1:14917";

struct Listener {
  UniqueFd fd{-1};
  int family = 0;
  std::string name;  // for messages: "http://127.0.0.1:14917/"
};

struct TcpAddress {
  std::string host;  // an IP literal
  std::string port;
  bool loopback = false;
};

// "ADDR:PORT", "[ADDR]:PORT".
std::optional<TcpAddress> ParseListen(absl::string_view text);

absl::StatusOr<Listener> ListenTcp(const std::string& text);

// Open to root, and to group klpx if it exists and this process may change the
// socket's group. Replaces a socket that no process listens on, but no other
// file.
absl::StatusOr<Listener> ListenUnix(const std::string& path);

// Says which users can read through this socket what file modes keep from them;
// "" if there is no such reader.
std::string ReachWarning(const Listener& listener);

// The user or machine at the other end of a connection: "uid 1000",
// "127.0.0.1".
std::string PeerOf(int fd);

// Empty unless systemd has started this process with sockets.
absl::StatusOr<std::vector<Listener>> TakeSystemdSockets();

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_LISTEN_H_
