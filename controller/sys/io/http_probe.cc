// SPDX-License-Identifier: GPL-2.0
// Sends one GET and reads only the status line of the answer.
#include "controller/sys/io/http_probe.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>

#include "absl/strings/str_cat.h"
#include "controller/sys/io/errno_status.h"

namespace klpx {
namespace {

constexpr size_t kChunkBytes = 512;

bool IsReady(int socket, short events) {
  pollfd descriptor = {socket, events, 0};
  return poll(&descriptor, 1, 0) > 0;
}

// The error of the connection, or 0.
int SocketError(int socket) {
  int error_number = 0;
  socklen_t size = sizeof(error_number);
  if (getsockopt(socket, SOL_SOCKET, SO_ERROR, &error_number, &size) != 0) {
    return errno;
  }
  return error_number;
}

bool MustWait(int error_number) {
  return error_number == EAGAIN || error_number == EINTR;
}

}  // namespace

absl::StatusOr<HttpProbe> HttpProbe::Start(const HttpUrl& url) {
  addrinfo hints = {};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(
      url.host.c_str(), absl::StrCat(url.port).c_str(), &hints, &found);
  if (failed != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(url.host, ": ", gai_strerror(failed)));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> address(found,
                                                               freeaddrinfo);
  UniqueFd socket(::socket(address->ai_family,
                           SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.ok()) return ErrnoError(errno, "socket");
  if (connect(socket.get(), address->ai_addr, address->ai_addrlen) != 0 &&
      errno != EINPROGRESS) {
    return ErrnoError(errno, "connect");
  }
  return HttpProbe(std::move(socket), HttpRequest(url));
}

std::optional<absl::StatusOr<int>> HttpProbe::Poll() {
  if (!connected_) {
    if (!IsReady(socket_.get(), POLLOUT)) return std::nullopt;
    const int error_number = SocketError(socket_.get());
    if (error_number != 0) return ErrnoError(error_number, "connect");
    connected_ = true;
  }
  while (!request_.empty()) {
    const ssize_t sent =
        send(socket_.get(), request_.data(), request_.size(), MSG_NOSIGNAL);
    if (sent < 0 && MustWait(errno)) return std::nullopt;
    if (sent < 0) return ErrnoError(errno, "send");
    request_.erase(0, static_cast<size_t>(sent));
  }
  char chunk[kChunkBytes];
  for (;;) {
    const ssize_t got = recv(socket_.get(), chunk, sizeof(chunk), 0);
    if (got < 0 && MustWait(errno)) return std::nullopt;
    if (got < 0) return ErrnoError(errno, "receive");
    // The end of the connection also ends an incomplete line.
    answer_.append(got > 0 ? std::string(chunk, got) : "\n");
    const std::optional<int> status = HttpStatus(answer_);
    if (status) return *status;
  }
}

}  // namespace klpx
