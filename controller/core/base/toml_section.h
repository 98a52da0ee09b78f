// SPDX-License-Identifier: GPL-2.0
// Reading one table of a TOML file strictly: every mistake is kept, with its
// line, and the reading goes on.
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

// Mistakes, in the order in which they were met.
class Problems {
 public:
  explicit Problems(absl::string_view file) : file_(file) {}

  template <typename... Pieces>
  void Add(const toml::source_region& where, const Pieces&... pieces) {
    found_.push_back(
        absl::StrCat(file_, ":", where.begin.line, ": ", pieces...));
  }
  // kBadPolicy with a line for each; OK if there is none.
  absl::Status ToStatus() const;

 private:
  std::string file_;
  std::vector<std::string> found_;
};

// What the library is not to be given, "LINE: why"; "" if all is well. A text
// that is longer than any policy; and, outside of strings and comments, what is
// not ASCII, which no key of ours has and toml++ 3.3 does not survive (U+FEFB
// leads to undefined behaviour).
std::string WhyNotToml(absl::string_view text);

struct TomlString {
  std::string text;
  toml::source_region where;
};

// A value that is not there is nullopt or empty, and no mistake.
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
