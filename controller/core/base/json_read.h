// SPDX-License-Identifier: GPL-2.0
// Reads fields of a JSON object that another program has written: a field that
// is missing, or has an unexpected type, is unknown. Nothing here throws.
#ifndef KLPX_CONTROLLER_CORE_BASE_JSON_READ_H_
#define KLPX_CONTROLLER_CORE_BASE_JSON_READ_H_

#include <cstdint>
#include <optional>
#include <string>

#include "controller/core/base/json.h"

namespace klpx {

// The field, or null.
const Json& FieldOf(const Json& object, const char* name);

// "" unless it is a string.
std::string StringOf(const Json& object, const char* name);

// Nothing unless it is a number in that range.
std::optional<uint64_t> CountOf(const Json& object, const char* name);
std::optional<int64_t> IntegerOf(const Json& object, const char* name);

bool IsTrue(const Json& object, const char* name);

// The list, or an empty one.
const Json& ListOf(const Json& object, const char* name);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_JSON_READ_H_
