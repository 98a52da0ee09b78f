// SPDX-License-Identifier: GPL-2.0
// One connection of the server.
#include "controller/web/session.h"

#include <algorithm>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <map>

#include "absl/strings/str_cat.h"
#include "controller/web/target.h"

namespace klpx {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

int StatusOfParseError(const error_code& error) {
  if (error == http::error::header_limit ||
      error == http::error::buffer_overflow) {
    return 431;
  }
  if (error == http::error::body_limit ||
      error == http::error::unexpected_body) {
    return 413;
  }
  return 400;
}

bool IsParseError(const error_code& error) {
  return error != http::error::end_of_stream &&
         error != http::error::partial_message &&
         error.category() ==
             make_error_code(http::error::bad_method).category();
}

// The reason that goes with what Judge() returned.
absl::string_view RefusalOf(int status) {
  switch (status) {
    case 405:
      return "this server is read-only";
    case 413:
      return "a request with a body is not accepted";
    case 421:
      return "not served under this name; see --host-name";
    default:
      return "malformed HTTP request";
  }
}

HttpRequest RequestOf(const http::request<http::empty_body>& message) {
  const auto text = [](const auto& value) {
    return std::string(value.data(), value.size());
  };
  HttpRequest request;
  request.head = message.method() == http::verb::head;
  request.target = text(message.target());
  request.accept = text(message[http::field::accept]);
  request.if_none_match = text(message[http::field::if_none_match]);
  return request;
}

}  // namespace

void Session::Read() {
  doing_ = Doing::kReading;
  parser_.emplace();
  parser_->header_limit(kLargestHeaderBytes);
  parser_->body_limit(0);
  // One deadline for the whole header, so that a header sent byte by byte does
  // not extend it.
  stream_.expires_after(kHeaderTimeout);
  http::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](const error_code& error, size_t) {
        self->OnRead(error);
      });
}

// Returns 0 if the request may be answered, else the status of the refusal.
int Session::Judge() const {
  const auto& request = parser_->get();
  if (request.method() != http::verb::get &&
      request.method() != http::verb::head) {
    return 405;
  }
  if (request.version() != 11 && request.version() != 10) return 400;
  if (request.count(http::field::transfer_encoding) > 0 ||
      parser_->content_length().value_or(0) > 0) {
    return 413;
  }
  if (request.count(http::field::host) > 1) return 400;
  const auto host = request[http::field::host];
  if (host.empty()) return request.version() == 10 ? 0 : 400;
  // Check a unix socket too: ssh -L can connect a browser to it.
  const bool allowed =
      IsAllowedHost({host.data(), host.size()}, hub_.host_names);
  return allowed ? 0 : 421;
}

void Session::OnRead(const error_code& error) {
  if (error) {
    // Other errors mean that the client is gone or too slow: send no answer.
    if (IsParseError(error)) {
      Refuse(StatusOfParseError(error), "malformed HTTP request");
    }
    return;
  }
  const int refused = Judge();
  if (refused != 0) {
    Refuse(refused, RefusalOf(refused));
    return;
  }
  const auto& message = parser_->get();
  const HttpRequest request = RequestOf(message);
  Answer answer = AnswerTo(request, *hub_.served, hub_.context);
  if (answer.stream && !request.head) {
    if (hub_.streams < kMostEventStreams || MakeRoom(Place::kStream)) {
      const auto last = message["Last-Event-ID"];
      wants_series_ = std::string(last.data(), last.size()) !=
                      absl::StrCat(hub_.run_id, "-", hub_.served->sequence);
      sent_sequence_ = wants_series_ ? 0 : hub_.served->sequence;
      head_ = HeaderText(answer, /*keep_alive=*/false);
      StartStream();
      return;
    }
    answer = ErrorAnswer(503, "too many event streams are open",
                         hub_.context.kernel.ReadHost());
  }
  if (!request.head && answer.body && answer.body->size() > kLargeBytes) {
    if (hub_.large >= kMostLargeAnswers && !MakeRoom(Place::kLarge)) {
      answer = ErrorAnswer(503, "too many large answers are being sent",
                           hub_.context.kernel.ReadHost());
    } else {
      hub_.large++;
      is_large_ = true;
    }
  }
  const bool keep_alive = message.keep_alive() && message.version() == 11;
  head_ = HeaderText(answer, keep_alive);
  body_ = request.head ? nullptr : answer.body;
  Send(keep_alive);
}

void Session::Refuse(int status, absl::string_view why) {
  const Answer answer =
      ErrorAnswer(status, why, hub_.context.kernel.ReadHost());
  head_ = HeaderText(answer, /*keep_alive=*/false);
  body_ = answer.body;
  Send(/*keep_alive=*/false);
}

void Session::Send(bool keep_alive) {
  doing_ = Doing::kAnswering;
  keep_alive_ = keep_alive;
  tail_ = "";
  sent_ = 0;
  began_ = Clock::now();
  ends_ = began_ + kWriteTimeout;
  SendOn();
}

size_t Session::SizeToSend() const {
  return head_.size() + (body_ ? body_->size() : 0) + tail_.size();
}

// The next part of head, body and tail.
std::array<asio::const_buffer, 3> Session::Chunk() const {
  const std::array<absl::string_view, 3> parts = {
      head_, body_ ? absl::string_view(*body_) : absl::string_view(), tail_};
  std::array<asio::const_buffer, 3> chunk;
  size_t skip = sent_;
  size_t room = kChunkBytes;
  for (size_t i = 0; i < parts.size(); i++) {
    const absl::string_view part =
        parts[i].substr(std::min(skip, parts[i].size())).substr(0, room);
    skip -= std::min(skip, parts[i].size());
    room -= part.size();
    chunk[i] = asio::buffer(part.data(), part.size());
  }
  return chunk;
}

// A client that does not read loses the connection and its place after
// kProgressTimeout; one that reads slowly, after kWriteTimeout.
void Session::SendOn() {
  stream_.expires_at(std::min(ends_, Clock::now() + kProgressTimeout));
  asio::async_write(
      stream_, Chunk(),
      [self = shared_from_this()](const error_code& error, size_t count) {
        self->sent_ += count;
        if (!error && self->sent_ < self->SizeToSend()) {
          self->SendOn();
        } else {
          self->OnWritten(error);
        }
      });
}

void Session::OnWritten(const error_code& error) {
  if (!writing_) {
    OnSent(error);
    return;
  }
  writing_ = false;
  if (error) {
    Close();
  } else {
    SendEvents();
  }
}

void Session::OnSent(const error_code& error) {
  ForgetLarge();
  body_.reset();
  if (error) return;
  if (keep_alive_) {
    Read();
    return;
  }
  error_code ignored;
  stream_.socket().shutdown(Socket::shutdown_send, ignored);
}

double Session::Pace(Clock::time_point now) const {
  const std::chrono::duration<double> taken = now - began_;
  return static_cast<double>(sent_) / std::max(taken.count(), 1e-3);
}

// Takes a place from a session of the peer that holds the most: the oldest
// stream, or the slowest reader of a large answer. False if no session has to
// give one up.
bool Session::MakeRoom(Place place) {
  std::map<std::string, size_t> held;
  for (const Session* one : hub_.sessions) held[one->peer_] += one->Has(place);
  const auto most = std::max_element(
      held.begin(), held.end(),
      [](const auto& a, const auto& b) { return a.second < b.second; });
  const Clock::time_point now = Clock::now();
  const auto grace = place == Place::kLarge ? kLargeGrace : kStreamGrace;
  const bool at_once = held[peer_] + 1 < most->second;
  Session* victim = nullptr;
  for (Session* one : hub_.sessions) {
    if (!one->Has(place) || one->peer_ != most->first) continue;
    if (!at_once && now - one->began_ < grace) continue;
    if (victim == nullptr ||
        (place == Place::kLarge && one->Pace(now) < victim->Pace(now))) {
      victim = one;
    }
  }
  if (victim == nullptr) return false;
  victim->ForgetPlaces();
  victim->Close();
  return true;
}

void Session::StartStream() {
  doing_ = Doing::kStreaming;
  began_ = Clock::now();
  hub_.streams++;
  // The client sends nothing more: this read only notices the end of the
  // connection, and keeps the session alive until then.
  stream_.expires_never();
  stream_.async_read_some(asio::buffer(unexpected_),
                          [self = shared_from_this()](
                              const error_code&, size_t) { self->Close(); });
  Write(std::move(head_), nullptr);
  Beat();
}

void Session::Write(std::string head, SharedText body) {
  writing_ = true;
  head_ = std::move(head);
  body_ = std::move(body);
  tail_ = body_ ? "\n\n" : "";
  sent_ = 0;
  ends_ = Clock::now() + kWriteTimeout;
  SendOn();
}

void Session::Push() {
  if (doing_ == Doing::kStreaming) SendEvents();
}

// Sends the next thing that this client does not have yet. A slow client skips
// states: at most one is being sent at a time.
void Session::SendEvents() {
  if (writing_ || !stream_.socket().is_open()) return;
  const ServedState& served = *hub_.served;
  if (std::exchange(wants_series_, false) && served.series) {
    Write("event: series\ndata: ", served.series);
  } else if (sent_sequence_ != served.sequence && served.state) {
    sent_sequence_ = served.sequence;
    Write(absl::StrCat("id: ", hub_.run_id, "-", served.sequence,
                       "\nevent: state\ndata: "),
          served.state);
  } else if (std::exchange(wants_beat_, false)) {
    Write(": still here\n\n", nullptr);
  }
}

void Session::Beat() {
  heartbeat_.expires_after(kHeartbeat);
  heartbeat_.async_wait([weak = weak_from_this()](const error_code& error) {
    const std::shared_ptr<Session> self = weak.lock();
    if (error || !self || !self->stream_.socket().is_open()) return;
    self->wants_beat_ = true;
    self->SendEvents();
    self->Beat();
  });
}

}  // namespace klpx
