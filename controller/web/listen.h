// SPDX-License-Identifier: GPL-2.0
// Where the server listens: TCP, a unix socket, or what systemd hands over.
// Opened before privileges are dropped.
#ifndef KLPX_CONTROLLER_WEB_LISTEN_H_
#define KLPX_CONTROLLER_WEB_LISTEN_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "controller/sys/io/unique_fd.h"

namespace klpx {

// Where nothing else is asked for: group klpx may open it, as the snapshot.
inline constexpr char kDefaultSocket[] = "/run/klpx/web.sock";
inline constexpr char kDefaultListen[] = "127.0.0.1:14917";

struct Listener {
  UniqueFd fd{-1};
  int family = 0;
  std::string name;  // for people: "http://127.0.0.1:14917/"
};

struct TcpAddress {
  std::string host;  // an IP literal
  std::string port;
  bool loopback = false;
};

// "ADDR:PORT", "[ADDR]:PORT".
std::optional<TcpAddress> ParseListen(absl::string_view text);

absl::StatusOr<Listener> ListenTcp(const std::string& text);

// For root and group klpx, if there is one and this process may give it to it.
// Takes the place of a socket that nobody listens on; of nothing else.
absl::StatusOr<Listener> ListenUnix(const std::string& path);

// Who can read what file modes keep from them; "" if nobody can.
std::string ReachWarning(const Listener& listener);

// Who is at the other end of a connection: "uid 1000", "127.0.0.1".
std::string PeerOf(int fd);

// Empty unless systemd has started this process with sockets.
absl::StatusOr<std::vector<Listener>> TakeSystemdSockets();

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_LISTEN_H_
