// SPDX-License-Identifier: GPL-2.0
// The mark of a patch that is being tried, and the switch.
#include "controller/core/boot/attempt.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "controller/core/base/json.h"
#include "controller/core/base/json_read.h"

namespace klpx {
namespace {

constexpr absl::string_view kSchema = "klp.attempt/v1";
constexpr absl::string_view kSwitch = "klpx.restore=";
constexpr absl::Duration kSettled = absl::Minutes(2);

std::string TextIn(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_string()) return "";
  return found->get<std::string>();
}

std::vector<std::string> Words(absl::string_view command_line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  for (const char c : command_line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (quoted || !absl::ascii_isspace(c)) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

}  // namespace

std::string AttemptText(const Host& now, absl::string_view patch) {
  Json json = Envelope(kSchema, now);
  json["patch"] = std::string(patch);
  return Dump(json);
}

absl::StatusOr<Attempt> ParseAttempt(absl::string_view text) {
  const Json json = Json::parse(text.begin(), text.end(), nullptr,
                                /*allow_exceptions=*/false);
  if (!json.is_object() || TextIn(json, "schema") != kSchema) {
    return absl::InvalidArgumentError("it is damaged");
  }
  Attempt attempt;
  attempt.patch = TextIn(json, "patch");
  attempt.boot_id = TextIn(json, "boot_id");
  attempt.kernel = TextIn(json, "kernel");
  const std::optional<int64_t> begun = IntegerOf(json, "monotonic_ns");
  std::string error;
  if (attempt.boot_id.empty() || !begun ||
      !absl::ParseTime(absl::RFC3339_full, TextIn(json, "time"), &attempt.time,
                       &error)) {
    return absl::InvalidArgumentError("it is damaged");
  }
  attempt.begun_ns = *begun;
  return attempt;
}

bool HasSettled(const Attempt& attempt, const Host& now) {
  return attempt.boot_id == now.boot_id &&
         absl::Nanoseconds(now.monotonic_ns) -
                 absl::Nanoseconds(attempt.begun_ns) >=
             kSettled;
}

bool IsRestoreOff(absl::string_view command_line) {
  bool off = false;
  for (const std::string& word : Words(command_line)) {
    if (word == "--") break;
    absl::string_view value = word;
    if (absl::ConsumePrefix(&value, kSwitch)) off = value == "0";
  }
  return off;
}

}  // namespace klpx
