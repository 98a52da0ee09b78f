// SPDX-License-Identifier: GPL-2.0
#include "controller/core/base/toml_section.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "controller/core/base/error.h"
#include "controller/core/base/text.h"

namespace klpx {
namespace {

constexpr size_t kProblemsShown = 20;
constexpr absl::Duration kLongest = absl::Hours(24 * 365);

constexpr size_t kMostBytes = 1 << 20;

// The end of a string or comment that begins at `at`, or `at` if none does.
size_t SkipQuoted(absl::string_view text, size_t at) {
  if (text[at] == '#') return std::min(text.find('\n', at), text.size());
  const char quote = text[at];
  if (quote != '"' && quote != '\'') return at;
  const std::string three(3, quote);
  const bool many = text.substr(at, 3) == three;
  const absl::string_view end =
      many ? absl::string_view(three) : text.substr(at, 1);
  for (size_t i = at + end.size(); i < text.size(); i++) {
    if (quote == '"' && text[i] == '\\') {
      i++;
    } else if (text.substr(i, end.size()) == end) {
      const size_t after = i + end.size();
      if (!many) return after;
      // Up to two quotes more are the string's own.
      return std::min(
          {text.find_first_not_of(quote, after), after + 2, text.size()});
    } else if (!many && text[i] == '\n') {
      return i;  // it has no end, which the library will report
    }
  }
  return text.size();
}

}  // namespace

std::string WhyNotToml(absl::string_view text) {
  if (text.size() > kMostBytes) {
    return absl::StrCat("1: longer than ", kMostBytes, " bytes");
  }
  // A byte order mark is allowed at the beginning.
  for (size_t at = absl::StartsWith(text, "\xef\xbb\xbf") ? 3 : 0;
       at < text.size();) {
    const size_t next = SkipQuoted(text, at);
    if (next > at) {
      at = next;
      continue;
    }
    if (static_cast<unsigned char>(text[at]) >= 0x80) {
      const auto line = std::count(text.begin(), text.begin() + at, '\n') + 1;
      return absl::StrCat(line,
                          ": only strings and comments may contain "
                          "characters that are not ASCII");
    }
    at++;
  }
  return "";
}

absl::Status Problems::ToStatus() const {
  if (found_.empty()) return absl::OkStatus();
  const size_t shown = std::min(found_.size(), kProblemsShown);
  std::string text =
      absl::StrJoin(found_.begin(), found_.begin() + shown, "\n");
  if (shown < found_.size()) {
    absl::StrAppend(&text, "\nand ", found_.size() - shown, " more");
  }
  return MakeError(ErrorKind::kBadPolicy, text);
}

void Section::AllowOnly(std::initializer_list<absl::string_view> keys) {
  for (const auto& [key, node] : table_) {
    const std::string word(key.str());
    if (std::find(keys.begin(), keys.end(), word) != keys.end()) continue;
    problems_.Add(key.source(), "unknown key '", word, "' in ", name_,
                  "; known keys: ", absl::StrJoin(keys, ", "));
  }
}

const toml::node* Section::Find(absl::string_view key) const {
  return table_.get(std::string_view(key.data(), key.size()));
}

std::optional<std::string> Section::Text(absl::string_view key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  if (node->is_string()) return node->as_string()->get();
  problems_.Add(node->source(), "'", key, "' must be a string");
  return std::nullopt;
}

std::optional<bool> Section::Flag(absl::string_view key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  if (node->is_boolean()) return node->as_boolean()->get();
  problems_.Add(node->source(), "'", key, "' must be true or false");
  return std::nullopt;
}

std::optional<absl::Duration> Section::Duration(absl::string_view key) {
  const toml::node* node = Find(key);
  if (node == nullptr) return std::nullopt;
  std::optional<absl::Duration> duration;
  if (node->is_string()) duration = ParseTimeout(node->as_string()->get());
  if (duration && *duration <= kLongest) return duration;
  problems_.Add(node->source(), "'", key,
                "' must be a duration in quotes, such as \"15s\" or \"2m\"");
  return std::nullopt;
}

std::vector<TomlString> Section::Strings(absl::string_view key) {
  std::vector<TomlString> strings;
  const toml::node* node = Find(key);
  if (node == nullptr) return strings;
  if (node->is_string()) {
    return {{node->as_string()->get(), node->source()}};
  }
  const toml::array* array = node->as_array();
  if (array == nullptr || array->empty()) {
    problems_.Add(node->source(), "'", key,
                  "' must be a string or a list of strings, not empty");
    return strings;
  }
  for (const toml::node& element : *array) {
    if (element.is_string()) {
      strings.push_back({element.as_string()->get(), element.source()});
    } else {
      problems_.Add(element.source(), "'", key, "' must contain strings only");
    }
  }
  return strings;
}

}  // namespace klpx
