// SPDX-License-Identifier: GPL-2.0
// What all our JSON has in common: the envelope with schema and host, the form
// of times and unknown values, and text that is always UTF-8.
#ifndef KLPX_CONTROLLER_CORE_BASE_JSON_H_
#define KLPX_CONTROLLER_CORE_BASE_JSON_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "controller/core/base/machine.h"

namespace klpx {

using Json = nlohmann::ordered_json;

// {"schema": "klp.status/v1", "host": ..., "boot_id": ..., ...}
Json Envelope(absl::string_view schema, const Host& host);

// null for an unknown value.
template <typename T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

// null for an empty string.
Json TextOrNull(absl::string_view text);

// Indented, with a newline at the end; bytes that are not UTF-8 are replaced.
std::string Dump(const Json& json);

// On one line, for streams of records.
std::string DumpLine(const Json& json);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_JSON_H_
