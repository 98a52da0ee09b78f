// SPDX-License-Identifier: GPL-2.0
// One connection of the server, and what all of them share. One thread.
#ifndef KLPX_CONTROLLER_WEB_SESSION_H_
#define KLPX_CONTROLLER_WEB_SESSION_H_

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "controller/web/api.h"
#include "controller/web/limits.h"
#include "controller/web/view.h"

namespace klpx {

using Protocol = boost::asio::generic::stream_protocol;
using Socket = Protocol::socket;

class Session;

// What all sessions share. Lives as long as the io_context runs.
struct Hub {
  ApiContext context;
  std::vector<std::string> host_names;
  std::string run_id;  // of event ids; another after every start
  std::shared_ptr<const View> view = std::make_shared<const View>();
  std::list<Session*> sessions = {};  // in the order of their coming
  size_t streams = 0;
  size_t large = 0;
};

// One connection, from accept to close. Every operation that is under way holds
// a reference; the last one to end closes it.
class Session final : public std::enable_shared_from_this<Session> {
 public:
  Session(Socket socket, Hub& hub, bool local)
      : stream_(std::move(socket)),
        hub_(hub),
        local_(local),
        heartbeat_(stream_.get_executor()),
        place_(hub.sessions.insert(hub.sessions.end(), this)) {}

  ~Session() {
    hub_.sessions.erase(place_);
    if (doing_ == Doing::kStreaming) hub_.streams--;
    ForgetLarge();
  }

  void Read();
  void Refuse(int status, absl::string_view why);
  // The view has changed: those who stream send it, or do so when they can.
  void Push();
  // Of the server that stops, or to make room.
  void Close() {
    boost::system::error_code ignored;
    stream_.socket().close(ignored);
    heartbeat_.cancel();
  }
  bool IsWaiting() {
    return doing_ == Doing::kReading && stream_.socket().is_open();
  }

 private:
  void OnRead(const boost::system::error_code& error);
  int Judge() const;
  void Send(bool keep_alive);
  void OnSent(const boost::system::error_code& error, bool keep_alive);
  void StartStream();
  void Write(std::string head, SharedText body);
  void SendEvents();
  void Beat();
  void ForgetLarge() {
    if (std::exchange(is_large_, false)) hub_.large--;
  }

  boost::beast::basic_stream<Protocol> stream_;
  Hub& hub_;
  const bool local_;  // over a unix socket
  boost::asio::steady_timer heartbeat_;
  std::list<Session*>::iterator place_;
  boost::beast::flat_buffer buffer_{2 * kLargestHeaderBytes};
  std::optional<
      boost::beast::http::request_parser<boost::beast::http::empty_body>>
      parser_;
  // Who waits for a request can be sent away for somebody else.
  enum class Doing { kReading, kAnswering, kStreaming };

  Doing doing_ = Doing::kReading;
  bool is_large_ = false;
  std::string head_;  // what is being sent
  SharedText body_;
  bool writing_ = false;
  uint64_t sent_sequence_ = 0;  // of the view that was streamed last
  bool wants_series_ = false;
  bool wants_beat_ = false;
  std::array<char, 64> unexpected_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_SESSION_H_
