// SPDX-License-Identifier: GPL-2.0
// What all our JSON has in common.
#include "controller/core/base/json.h"

#include "absl/strings/str_cat.h"

namespace klpx {
namespace {

constexpr int kIndent = 2;
constexpr auto kBadUtf8 = Json::error_handler_t::replace;

}  // namespace

Json Envelope(absl::string_view schema, const Host& host) {
  Json json;
  json["schema"] = std::string(schema);
  json["host"] = host.name;
  json["boot_id"] = TextOrNull(host.boot_id);
  json["kernel"] = host.kernel;
  json["time"] =
      absl::FormatTime(absl::RFC3339_sec, host.time, absl::UTCTimeZone());
  json["monotonic_ns"] = host.monotonic_ns;
  return json;
}

Json TextOrNull(absl::string_view text) {
  return text.empty() ? Json(nullptr) : Json(std::string(text));
}

std::string Dump(const Json& json) {
  return absl::StrCat(json.dump(kIndent, ' ', /*ensure_ascii=*/true, kBadUtf8),
                      "\n");
}

std::string DumpLine(const Json& json) {
  return absl::StrCat(json.dump(-1, ' ', /*ensure_ascii=*/true, kBadUtf8),
                      "\n");
}

}  // namespace klpx
