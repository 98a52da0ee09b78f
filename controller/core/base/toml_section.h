// SPDX-License-Identifier: GPL-2.0
// Reads one table of a TOML file strictly: every mistake is recorded with its
// line, and reading continues.
#ifndef KLPX_CONTROLLER_CORE_BASE_TOML_SECTION_H_
#define KLPX_CONTROLLER_CORE_BASE_TOML_SECTION_H_

#include <toml++/toml.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace klpx {

// Mistakes, in the order in which they were found.
class Problems {
 public:
  explicit Problems(absl::string_view file) : file_(file) {}

  template <typename... Pieces>
  void Add(const toml::source_region& where, const Pieces&... pieces) {
    found_.push_back(
        absl::StrCat(file_, ":", where.begin.line, ": ", pieces...));
  }
  // kBadPolicy with one line per mistake; OK if there is none.
  absl::Status ToStatus() const;

 private:
  std::string file_;
  std::vector<std::string> found_;
};

// Why a text must not be passed to the library, as "LINE: why"; "" if it may
// be. Refuses texts longer than any policy, and non-ASCII characters outside of
// strings and comments: no key of ours has them, and in toml++ 3.3 they can
// lead to undefined behaviour (U+FEFB).
std::string WhyNotToml(absl::string_view text);

struct TomlString {
  std::string text;
  toml::source_region where;
};

// A missing value is nullopt or empty, and not a mistake.
class Section {
 public:
  // `name` is what messages call it.
  Section(const toml::table& table, absl::string_view name, Problems& problems)
      : table_(table), name_(name), problems_(problems) {}

  void AllowOnly(std::initializer_list<absl::string_view> keys);
  const toml::node* Find(absl::string_view key) const;
  std::optional<std::string> Text(absl::string_view key);
  std::optional<bool> Flag(absl::string_view key);
  std::optional<absl::Duration> Duration(absl::string_view key);
  // "a" or ["a", "b"].
  std::vector<TomlString> Strings(absl::string_view key);

 private:
  const toml::table& table_;
  std::string name_;
  Problems& problems_;
};

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_TOML_SECTION_H_
