// SPDX-License-Identifier: GPL-2.0
// The answer to a request.
#include "controller/web/api.h"

#include <algorithm>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "controller/core/base/error.h"
#include "controller/core/base/json_read.h"
#include "controller/core/report/report.h"
#include "controller/core/report/report_history.h"
#include "controller/store/store.h"
#include "controller/web/assets.h"
#include "controller/web/limits.h"
#include "controller/web/target.h"

namespace klpx {
namespace {

// The page may load from this origin only, submit no form and be in no frame.
constexpr absl::string_view kSecurityHeaders =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src "
    "'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action "
    "'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";

absl::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 421:
      return "Misdirected Request";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Error";
  }
}

SharedText Text(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

// Headers of every document that say how current it is.
void AddFreshness(const ServedState& served, const Host& now, Answer& answer) {
  answer.headers.emplace_back("X-Klpx-Snapshot",
                              std::string(FreshnessWord(served.freshness)));
  if (!served.documents) return;
  answer.headers.emplace_back(
      "X-Klpx-Snapshot-Age",
      absl::StrFormat("%.3f", absl::ToDoubleSeconds(SnapshotAge(
                                  served.documents->snapshot, now))));
}

// Everything that a request can be answered with. One per request.
class Responder {
 public:
  Responder(const ServedState& served, const ApiContext& context)
      : served_(served), context_(context), now_(context.kernel.ReadHost()) {}

  Answer Health() const {
    Json json = Envelope("klp.health/v1", now_);
    json["snapshot"] = std::string(FreshnessWord(served_.freshness));
    json["error"] = TextOrNull(served_.error);
    json["history_error"] = TextOrNull(served_.history_error);
    Answer answer;
    answer.status = served_.freshness == Freshness::kFresh ? 200 : 503;
    answer.body = Text(Dump(json));
    return WithFreshness(std::move(answer));
  }

  Answer Metrics(const std::string& accept) const {
    MetricsInput input;
    input.version = context_.version;
    input.fresh = served_.freshness == Freshness::kFresh;
    input.totals = served_.totals.get();
    if (served_.documents) {
      input.snapshot = &served_.documents->snapshot;
      input.age = SnapshotAge(served_.documents->snapshot, now_);
    }
    const MetricsFormat format = MetricsFormatFor(accept);
    Answer answer;
    answer.type = std::string(MetricsMediaType(format));
    answer.body = Text(MetricsText(KlpMetrics(input), format));
    return answer;
  }

  // A document of the snapshot, or an error that says why there is none.
  Answer Document(const char* name, SharedText Documents::* document) const {
    if (!served_.documents) return Lacking(served_.error);
    Answer answer;
    answer.body = (*served_.documents).*document;
    if (!answer.body) {
      const std::string why =
          StringOf(served_.documents->snapshot.errors, name);
      return Lacking(absl::StrCat("the daemon could not make '", name, "'",
                                  why.empty() ? "" : ": ", why));
    }
    return WithFreshness(std::move(answer));
  }

  Answer Blocking(const Target& target) const {
    if (target.parameters.empty()) {
      return Document("blocking", &Documents::blocking);
    }
    const std::optional<size_t> offset = NumberIn(target, "offset", 0);
    const std::optional<size_t> limit = NumberIn(target, "limit", 100);
    if (!offset || !limit || *limit == 0) {
      return Failed(400, "offset and limit must be numbers, limit at least 1");
    }
    if (!served_.documents) return Lacking(served_.error);
    const auto parameter = [&](const std::string& name) {
      const auto at = target.parameters.find(name);
      return at == target.parameters.end() ? std::string() : at->second;
    };
    BlockerQuery query;
    query.reason = parameter("reason");
    query.function = parameter("function");
    query.text = parameter("q");
    query.sort = parameter("sort");
    query.offset = *offset;
    query.limit = std::min(*limit, kLargestPage);
    query.group = parameter("group");
    const std::optional<size_t> grouped = NumberIn(target, "grouped", 0);
    if (!grouped) return Failed(400, "grouped must be 0 or 1");
    const BlockerTable& blockers = served_.documents->blockers;
    Answer answer;
    answer.body = Text(*grouped != 0 ? blockers.GroupedPage(query)
                                     : blockers.Page(query));
    return WithFreshness(std::move(answer));
  }

  Answer History(const Target& target) const {
    const std::optional<size_t> limit = NumberIn(target, "limit", 100);
    const std::optional<size_t> brief = NumberIn(target, "brief", 0);
    if (!limit || !brief) {
      return Failed(400, "limit and brief must be numbers");
    }
    if (!served_.history) return Lacking(served_.history_error);
    Answer answer;
    answer.body = served_.history->Newest(*limit, *brief != 0);
    return WithFreshness(std::move(answer));
  }

  Answer OneOfHistory(absl::string_view id_text) const {
    int64_t id = 0;
    if (id_text.size() > 18 || !absl::SimpleAtoi(id_text, &id) || id < 1) {
      return Failed(404,
                    "the id of a transition is a number: /api/v1/history/12");
    }
    Answer answer;
    if (served_.history) answer.body = served_.history->One(id);
    if (answer.body) return WithFreshness(std::move(answer));
    absl::StatusOr<HistoryStore> store =
        HistoryStore::Open(context_.history_file, Access::kReadOnly);
    if (store.ok()) {
      const absl::StatusOr<TransitionRecord> record = store->Find(id);
      if (record.ok()) {
        answer.body = Text(HistoryJson(now_, {*record}));
        return WithFreshness(std::move(answer));
      }
    }
    return Failed(404, absl::StrCat("no transition ", id, " in the history"));
  }

  Answer Page(const Target& target, const std::string& if_none_match) const {
    for (const Asset& asset : Assets()) {
      const bool wanted = asset.path == target.path ||
                          (target.path == "/" && asset.path == "/index.html");
      if (!wanted) continue;
      Answer answer;
      answer.type = std::string(asset.type);
      const std::string tag = absl::StrCat("\"", asset.tag, "\"");
      answer.headers = {{"Cache-Control", "no-cache"}, {"ETag", tag}};
      if (if_none_match == tag) {
        answer.status = 304;
      } else {
        answer.body = Text(std::string(asset.contents));
      }
      return answer;
    }
    return Failed(404, absl::StrCat("no such page: '", target.path, "'"));
  }

  Answer Failed(int status, absl::string_view message) const {
    return ErrorAnswer(status, message, now_);
  }

 private:
  Answer Lacking(absl::string_view why) const {
    return WithFreshness(
        Failed(503, why.empty() ? "no snapshot has been read yet" : why));
  }

  Answer WithFreshness(Answer answer) const {
    answer.headers.emplace_back("Cache-Control", "no-store");
    AddFreshness(served_, now_, answer);
    return answer;
  }

  const ServedState& served_;
  const ApiContext& context_;
  const Host now_;
};

Answer EventStream() {
  Answer answer;
  answer.type = "text/event-stream";
  answer.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
  answer.stream = true;
  return answer;
}

}  // namespace

Answer AnswerTo(const HttpRequest& request, const ServedState& served,
                const ApiContext& context) {
  const Responder responder(served, context);
  if (request.target.size() > kLongestTargetBytes) {
    return responder.Failed(414, "the request target is too long");
  }
  const std::optional<Target> target = ParseTarget(request.target);
  if (!target) return responder.Failed(400, "malformed request target");
  absl::string_view path = target->path;
  if (path == "/healthz") return responder.Health();
  if (path == "/metrics") return responder.Metrics(request.accept);
  if (!absl::ConsumePrefix(&path, "/api/v1/")) {
    return responder.Page(*target, request.if_none_match);
  }
  if (path == "status") return responder.Document("status", &Documents::status);
  if (path == "list") return responder.Document("list", &Documents::list);
  if (path == "snapshot") {
    return responder.Document("snapshot", &Documents::whole);
  }
  if (path == "blocking") return responder.Blocking(*target);
  if (path == "history") return responder.History(*target);
  if (path == "events") return EventStream();
  if (absl::ConsumePrefix(&path, "history/")) {
    return responder.OneOfHistory(path);
  }
  return responder.Failed(404, "no such document; see docs/WEB.md");
}

Answer ErrorAnswer(int status, absl::string_view message, const Host& host) {
  Answer answer;
  answer.status = status;
  answer.body =
      Text(ErrorJson(host, "serve", MakeError(ErrorKind::kFailure, message)));
  if (status == 405) answer.headers.emplace_back("Allow", "GET, HEAD");
  if (status == 503) answer.headers.emplace_back("Retry-After", "1");
  return answer;
}

std::string HeaderText(const Answer& answer, bool keep_alive) {
  std::string text =
      absl::StrCat("HTTP/1.1 ", answer.status, " ", ReasonPhrase(answer.status),
                   "\r\nServer: klp-controller\r\n", kSecurityHeaders,
                   "Content-Type: ", answer.type, "\r\n");
  for (const auto& [name, value] : answer.headers) {
    absl::StrAppend(&text, name, ": ", value, "\r\n");
  }
  if (!answer.stream && answer.status != 304) {
    absl::StrAppend(&text,
                    "Content-Length: ", answer.body ? answer.body->size() : 0,
                    "\r\n");
  }
  absl::StrAppend(&text, "Connection: ", keep_alive ? "keep-alive" : "close",
                  "\r\n\r\n");
  return text;
}

}  // namespace klpx
