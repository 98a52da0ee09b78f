// SPDX-License-Identifier: GPL-2.0
// HTTP/1.1 on listening sockets.
#include "controller/web/server.h"

#include <fcntl.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <list>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/web/limits.h"
#include "controller/web/session.h"

namespace klpx {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Acceptor = asio::basic_socket_acceptor<Protocol>;

}  // namespace

class Server::Impl {
 public:
  Impl(ApiContext context, std::vector<std::string> host_names)
      : hub_{std::move(context), std::move(host_names), ""},
        signals_(io_, SIGTERM, SIGINT) {
    hub_.run_id = absl::StrCat(hub_.context.kernel.ReadHost().monotonic_ns);
  }

  void Publish(std::shared_ptr<const ServedState> served) {
    asio::post(io_, [this, served = std::move(served)]() mutable {
      hub_.served = std::move(served);
      // A push may end a session and remove it from the list: iterate a copy.
      for (Session* session : std::list<Session*>(hub_.sessions)) {
        session->Push();
      }
    });
  }

  absl::Status Run(std::vector<Listener> listeners) {
    for (Listener& listener : listeners) {
      auto door = std::make_unique<Door>(io_);
      error_code error;
      // Asio closes the descriptor that it is given: give it a duplicate.
      door->acceptor.assign(Protocol(listener.family, 0),
                            fcntl(listener.fd.get(), F_DUPFD_CLOEXEC, 0),
                            error);
      if (error) {
        return Error(ErrorKind::kFailure, "serve: ", listener.name, ": ",
                     error.message());
      }
      doors_.push_back(std::move(door));
      Accept(*doors_.back());
    }
    signals_.async_wait([this](const error_code& error, int) {
      if (!error) io_.stop();
    });
    io_.run();
    return absl::OkStatus();
  }

 private:
  struct Door {
    explicit Door(asio::io_context& io) : acceptor(io), pause(io) {}
    Acceptor acceptor;
    asio::steady_timer pause;
  };

  void Accept(Door& door) {
    door.acceptor.async_accept(
        [this, &door](const error_code& error, Socket socket) {
          if (error) {
            AcceptLater(door);
            return;
          }
          Admit(std::move(socket));
          Accept(door);
        });
  }

  // If accepting fails, e.g. without free descriptors, retry after a pause.
  void AcceptLater(Door& door) {
    door.pause.expires_after(kAcceptPause);
    door.pause.async_wait([this, &door](const error_code& error) {
      if (!error) Accept(door);
    });
  }

  void Admit(Socket socket) {
    const bool full = hub_.sessions.size() >= kMostConnections && !MakeRoom();
    std::string peer = PeerOf(socket.native_handle());
    const auto session =
        std::make_shared<Session>(std::move(socket), hub_, std::move(peer));
    if (full) {
      session->Refuse(503, "too many connections");
    } else {
      session->Read();
    }
  }

  // Closes the oldest connection that waits for a request.
  bool MakeRoom() {
    for (Session* session : hub_.sessions) {
      if (!session->IsWaiting()) continue;
      session->Close();
      return true;
    }
    return false;
  }

  Hub hub_;  // outlives io_: the last sessions end with io_
  asio::io_context io_{1};
  asio::signal_set signals_;
  std::vector<std::unique_ptr<Door>> doors_;
};

Server::Server(ApiContext context, std::vector<std::string> host_names)
    : impl_(std::make_unique<Impl>(std::move(context), std::move(host_names))) {
}

Server::~Server() = default;

void Server::Publish(std::shared_ptr<const ServedState> served) {
  impl_->Publish(std::move(served));
}

absl::Status Server::Run(std::vector<Listener> listeners) {
  return impl_->Run(std::move(listeners));
}

}  // namespace klpx
