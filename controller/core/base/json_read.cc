// SPDX-License-Identifier: GPL-2.0
// Reads fields of a JSON object that another program has written.
#include "controller/core/base/json_read.h"

namespace klpx {
namespace {

const Json& Null() {
  static const auto* const kNull = new Json(nullptr);
  return *kNull;
}

const Json& NoList() {
  static const auto* const kNoList = new Json(Json::array());
  return *kNoList;
}

}  // namespace

const Json& FieldOf(const Json& object, const char* name) {
  if (!object.is_object()) return Null();
  const auto at = object.find(name);
  return at == object.end() ? Null() : *at;
}

std::string StringOf(const Json& object, const char* name) {
  const Json& field = FieldOf(object, name);
  return field.is_string() ? field.get<std::string>() : "";
}

std::optional<uint64_t> CountOf(const Json& object, const char* name) {
  const Json& field = FieldOf(object, name);
  if (field.is_number_unsigned()) return field.get<uint64_t>();
  if (!field.is_number_integer() || field.get<int64_t>() < 0) {
    return std::nullopt;
  }
  return static_cast<uint64_t>(field.get<int64_t>());
}

std::optional<int64_t> IntegerOf(const Json& object, const char* name) {
  const Json& field = FieldOf(object, name);
  if (!field.is_number_integer()) return std::nullopt;
  if (field.is_number_unsigned() && field.get<uint64_t>() > INT64_MAX) {
    return std::nullopt;
  }
  return field.get<int64_t>();
}

bool IsTrue(const Json& object, const char* name) {
  const Json& field = FieldOf(object, name);
  return field.is_boolean() && field.get<bool>();
}

const Json& ListOf(const Json& object, const char* name) {
  const Json& field = FieldOf(object, name);
  return field.is_array() ? field : NoList();
}

}  // namespace klpx
