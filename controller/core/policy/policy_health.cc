// SPDX-License-Identifier: GPL-2.0
// The [health] section of policy.toml.
#include "controller/core/policy/policy_health.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

namespace klpx {
namespace {

constexpr absl::Duration kWatch = absl::Seconds(30);
constexpr absl::Duration kLongestWatch = absl::Hours(24);
constexpr absl::Duration kShortest = absl::Seconds(1);

// The value of `key`, within its bounds.
absl::Duration ReadTime(Section& section, absl::string_view key,
                        absl::Duration otherwise, absl::Duration shortest,
                        Problems& problems) {
  const std::optional<absl::Duration> time = section.Duration(key);
  if (!time) return otherwise;
  if (*time >= shortest && *time <= kLongestWatch) return *time;
  problems.Add(section.Find(key)->source(), "'", key, "' must be from ",
               absl::FormatDuration(shortest), " to ",
               absl::FormatDuration(kLongestWatch));
  return otherwise;
}

// A string is split at blanks, a list is taken as it is. No shell.
std::vector<std::string> ReadCommand(Section& section, Problems& problems) {
  std::vector<std::string> words;
  const toml::node* node = section.Find("command");
  if (node == nullptr) return words;
  const std::vector<TomlString> strings = section.Strings("command");
  for (const TomlString& string : strings) words.push_back(string.text);
  if (node->is_string()) {
    words = absl::StrSplit(strings.front().text, absl::ByAnyChar(" \t"),
                           absl::SkipEmpty());
  }
  if (strings.empty()) return words;
  for (const std::string& word : words) {
    if (word.find('\0') == word.npos) continue;
    problems.Add(node->source(), "'command' contains a zero byte");
    return {};
  }
  if (!words.empty() && words.front().starts_with('/')) return words;
  problems.Add(node->source(),
               "'command' must begin with the path of a program, from the "
               "root: \"/usr/local/bin/check-db --fast\" or a list of words");
  return {};
}

std::optional<HttpUrl> ReadUrl(Section& section, Problems& problems) {
  const std::optional<std::string> text = section.Text("http");
  if (!text) return std::nullopt;
  absl::StatusOr<HttpUrl> url = ParseHttpUrl(*text);
  if (url.ok()) return *std::move(url);
  problems.Add(section.Find("http")->source(),
               "'http': ", url.status().message());
  return std::nullopt;
}

bool ReadAccept(Section& section, Problems& problems) {
  const std::optional<std::string> accept = section.Text("accept");
  if (!accept || *accept == "manual") return false;
  if (*accept == "auto") return true;
  problems.Add(section.Find("accept")->source(), "'accept' cannot be '",
               *accept, "'; it can be manual, auto");
  return false;
}

}  // namespace

HealthPolicy ReadHealth(const toml::table& root, Problems& problems) {
  HealthPolicy health;
  const toml::node* node = root.get("health");
  if (node == nullptr) return health;
  const toml::table* table = node->as_table();
  if (table == nullptr) {
    problems.Add(node->source(), "'health' must be a table: [health]");
    return health;
  }
  Section section(*table, "[health]", problems);
  section.AllowOnly(
      {"watch", "every", "limit", "kernel_log", "command", "http", "accept"});
  health.watch =
      ReadTime(section, "watch", kWatch, absl::ZeroDuration(), problems);
  health.every = ReadTime(section, "every", health.every, kShortest, problems);
  health.limit = ReadTime(section, "limit", health.limit, kShortest, problems);
  health.kernel_log = section.Flag("kernel_log").value_or(true);
  health.command = ReadCommand(section, problems);
  health.http = ReadUrl(section, problems);
  health.accept = ReadAccept(section, problems);
  const bool looks = health.kernel_log || section.Find("command") != nullptr ||
                     section.Find("http") != nullptr;
  if (health.watch > absl::ZeroDuration() && !looks) {
    problems.Add(table->source(),
                 "[health] watches nothing: it needs kernel_log, command or "
                 "http, or watch = \"0s\"");
  }
  return health;
}

}  // namespace klpx
