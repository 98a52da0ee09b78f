// SPDX-License-Identifier: GPL-2.0
// One connection of the server, and what all connections share. One thread.
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
#include <chrono>
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
#include "controller/web/served_state.h"

namespace klpx {

using Protocol = boost::asio::generic::stream_protocol;
using Socket = Protocol::socket;
using Clock = std::chrono::steady_clock;

class Session;

// What all sessions share. Lives as long as the io_context runs.
struct Hub {
  ApiContext context;
  std::vector<std::string> host_names;
  std::string run_id;  // part of event ids; differs after every start
  std::shared_ptr<const ServedState> served =
      std::make_shared<const ServedState>();
  std::list<Session*> sessions = {};  // in order of arrival
  size_t streams = 0;
  size_t large = 0;
};

// One connection, from accept to close. Every pending operation holds a
// reference; the end of the last one closes the connection.
class Session final : public std::enable_shared_from_this<Session> {
 public:
  // peer: identifies the client's user or machine; the same for all of its
  // connections.
  Session(Socket socket, Hub& hub, std::string peer)
      : stream_(std::move(socket)),
        hub_(hub),
        peer_(std::move(peer)),
        heartbeat_(stream_.get_executor()),
        place_(hub.sessions.insert(hub.sessions.end(), this)) {}

  ~Session() {
    hub_.sessions.erase(place_);
    ForgetPlaces();
  }

  void Read();
  void Refuse(int status, absl::string_view why);
  // Called when the state has changed: a stream sends it as soon as it can.
  void Push();
  // Called to make room for another session.
  void Close() {
    boost::system::error_code ignored;
    stream_.socket().close(ignored);
    heartbeat_.cancel();
  }
  bool IsWaiting() {
    return doing_ == Doing::kReading && stream_.socket().is_open();
  }
  // What only a limited number of sessions may have at a time.
  enum class Place { kStream, kLarge };

 private:
  void OnRead(const boost::system::error_code& error);
  int Judge() const;
  void Send(bool keep_alive);
  void SendOn();
  void OnWritten(const boost::system::error_code& error);
  void OnSent(const boost::system::error_code& error);
  std::array<boost::asio::const_buffer, 3> Chunk() const;
  size_t SizeToSend() const;
  void StartStream();
  void Write(std::string head, SharedText body);
  void SendEvents();
  void Beat();
  bool Has(Place place) const {
    return place == Place::kLarge ? is_large_ : doing_ == Doing::kStreaming;
  }
  // Bytes per second of the answer being sent.
  double Pace(Clock::time_point now) const;
  bool MakeRoom(Place place);
  void ForgetPlaces() {
    if (std::exchange(doing_, Doing::kAnswering) == Doing::kStreaming) {
      hub_.streams--;
    }
    ForgetLarge();
  }
  void ForgetLarge() {
    if (std::exchange(is_large_, false)) hub_.large--;
  }

  boost::beast::basic_stream<Protocol> stream_;
  Hub& hub_;
  const std::string peer_;
  boost::asio::steady_timer heartbeat_;
  std::list<Session*>::iterator place_;
  boost::beast::flat_buffer buffer_{2 * kLargestHeaderBytes};
  std::optional<
      boost::beast::http::request_parser<boost::beast::http::empty_body>>
      parser_;
  // A session that is kReading can be closed to make room for another.
  enum class Doing { kReading, kAnswering, kStreaming };

  Doing doing_ = Doing::kReading;
  bool is_large_ = false;
  std::string head_;  // what is being sent
  SharedText body_;
  absl::string_view tail_;
  size_t sent_ = 0;  // bytes of head_, body_ and tail_ together
  bool keep_alive_ = false;
  Clock::time_point began_;  // start of the answer or of the stream
  Clock::time_point ends_;   // deadline of what is being sent
  bool writing_ = false;
  uint64_t sent_sequence_ = 0;  // of the last state that was streamed
  bool wants_series_ = false;
  bool wants_beat_ = false;
  std::array<char, 64> unexpected_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_SESSION_H_
