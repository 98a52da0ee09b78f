// SPDX-License-Identifier: GPL-2.0
// klp.snapshot.v1: the reader.
#include "controller/core/publish/snapshot.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "controller/core/base/error.h"
#include "controller/core/base/json_read.h"

namespace klpx {
namespace {

constexpr absl::string_view kWayOut =
    "; the daemon writes it: see 'systemctl status klpx-daemon'";
constexpr size_t kShownBytes = 40;
constexpr absl::Time kLastTime = absl::FromUnixSeconds(INT64_C(253402300800));

// A document of a verb, and the list that it must have.
struct Member {
  const char* name;
  const char* schema;
  const char* list;
  Json Snapshot::* place;
};

constexpr Member kMembers[] = {
    {"status", "klp.status/v1", "patches", &Snapshot::status},
    {"list", "klp.list/v1", "patches", &Snapshot::list},
    {"blocking", "klp.blocking/v1", "blockers", &Snapshot::blocking},
    {"history", "klp.history/v1", "transitions", &Snapshot::history},
};

template <typename... Pieces>
absl::Status Bad(const Pieces&... pieces) {
  return Error(ErrorKind::kFailure, "snapshot: ", pieces..., kWayOut);
}

// The parser has no limit of depth, but code that walks the result recurses.
bool IsTooDeep(absl::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (size_t at = 0; at < text.size(); at++) {
    const char c = text[at];
    if (quoted) {
      if (c == '\\') {
        at++;
      } else if (c == '"') {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kDeepestSnapshot) return true;
    } else if (c == '}' || c == ']') {
      depth--;
    }
  }
  return false;
}

std::string TextOf(const Json& json, const char* name) {
  const auto at = json.find(name);
  return at != json.end() && at->is_string() ? at->get<std::string>() : "";
}

std::string Shown(absl::string_view text) {
  std::string shown(text.substr(0, kShownBytes));
  std::replace_if(
      shown.begin(), shown.end(),
      [](unsigned char c) { return c < ' ' || c > '~'; }, '?');
  return shown;
}

absl::StatusOr<Host> HeadOf(const Json& json) {
  Host host;
  host.name = TextOf(json, "host");
  host.boot_id = TextOf(json, "boot_id");
  host.kernel = TextOf(json, "kernel");
  std::string why;
  if (!absl::ParseTime(absl::RFC3339_full, TextOf(json, "time"), &host.time,
                       &why)) {
    return Bad("'time' is not a time (", Shown(TextOf(json, "time")), ")");
  }
  // The parser accepts "infinite-past" and the year 200000; arithmetic with
  // such times would overflow.
  if (host.time < absl::UnixEpoch() || host.time > kLastTime) {
    return Bad("'time' cannot be a machine's clock (",
               Shown(TextOf(json, "time")), ")");
  }
  const std::optional<int64_t> monotonic = IntegerOf(json, "monotonic_ns");
  if (!monotonic || *monotonic < 0) {
    return Bad("'monotonic_ns' is missing or not a number");
  }
  host.monotonic_ns = *monotonic;
  return host;
}

bool HoldsObjects(const Json& list) {
  return std::all_of(list.begin(), list.end(),
                     [](const Json& entry) { return entry.is_object(); });
}

absl::Status Take(Json& document, const Member& member, Snapshot& snapshot) {
  const auto at = document.find(member.name);
  if (at == document.end() || at->is_null()) return absl::OkStatus();
  if (!at->is_object()) return Bad("'", member.name, "' is not an object");
  const std::string schema = TextOf(*at, "schema");
  if (schema != member.schema) {
    return Bad("'", member.name, "' has schema '", Shown(schema), "', not ",
               member.schema);
  }
  const auto list = at->find(member.list);
  if (list == at->end() || !list->is_array() || !HoldsObjects(*list)) {
    return Bad("'", member.name, ".", member.list,
               "' is missing or not a list of objects");
  }
  snapshot.*member.place = std::move(*at);
  return absl::OkStatus();
}

absl::StatusOr<Json> ParseObject(absl::string_view text) {
  if (text.size() > kLargestSnapshotBytes) {
    return Bad("has ", text.size(), " bytes, more than ",
               kLargestSnapshotBytes);
  }
  if (text.empty()) return Bad("is empty");
  if (IsTooDeep(text)) {
    return Bad("is nested deeper than ", kDeepestSnapshot);
  }
  Json document =
      Json::parse(text.begin(), text.end(), nullptr, /*exceptions=*/false);
  if (document.is_discarded()) {
    return Bad("is not JSON, or is truncated (", text.size(),
               " bytes, beginning with '", Shown(text), "')");
  }
  if (!document.is_object()) return Bad("is not a JSON object");
  return document;
}

}  // namespace

absl::StatusOr<Snapshot> ParseSnapshot(absl::string_view text) {
  absl::StatusOr<Json> document = ParseObject(text);
  if (!document.ok()) return document.status();
  const std::string schema = TextOf(*document, "schema");
  if (schema != kSnapshotSchema) {
    return Bad("has schema '", Shown(schema), "', but this program reads ",
               kSnapshotSchema);
  }
  absl::StatusOr<Host> host = HeadOf(*document);
  if (!host.ok()) return host.status();
  Snapshot snapshot;
  snapshot.host = *std::move(host);
  for (const Member& member : kMembers) {
    const absl::Status taken = Take(*document, member, snapshot);
    if (!taken.ok()) return taken;
  }
  snapshot.daemon = document->value("daemon", Json(nullptr));
  snapshot.errors = document->value("errors", Json::object());
  if (!snapshot.errors.is_object()) snapshot.errors = Json::object();
  return snapshot;
}

absl::Duration SnapshotAge(const Snapshot& snapshot, const Host& now) {
  const absl::Duration age =
      IsOfThisBoot(snapshot, now)
          ? absl::Nanoseconds(now.monotonic_ns) -
                absl::Nanoseconds(snapshot.host.monotonic_ns)
          : now.time - snapshot.host.time;
  return std::max(age, absl::ZeroDuration());
}

bool IsOfThisBoot(const Snapshot& snapshot, const Host& now) {
  return !now.boot_id.empty() && snapshot.host.boot_id == now.boot_id;
}

}  // namespace klpx
