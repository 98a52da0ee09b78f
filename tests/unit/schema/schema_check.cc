// SPDX-License-Identifier: GPL-2.0
// The part of JSON Schema that docs/schemas/ uses.
#include "tests/unit/schema/schema_check.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/unit/data/test_files.h"

namespace klpx {
namespace {

using Json = nlohmann::json;

class Checker {
 public:
  void Check(const Json& schema, const Json& value, const std::string& where) {
    if (schema.contains("type") && !HasType(schema["type"], value)) {
      errors.push_back(where + ": is not " + schema["type"].dump());
      return;
    }
    if (schema.contains("const") && schema["const"] != value) {
      errors.push_back(where + ": is not " + schema["const"].dump());
    }
    if (schema.contains("enum") && !Contains(schema["enum"], value)) {
      errors.push_back(where + ": is none of " + schema["enum"].dump());
    }
    if (value.is_object()) CheckObject(schema, value, where);
    if (!value.is_array()) return;
    for (size_t i = 0; i < value.size(); i++) {
      Check(schema["items"], value[i], where + "/" + std::to_string(i));
    }
  }

  std::vector<std::string> errors;

 private:
  static bool Contains(const Json& array, const Json& value) {
    return std::find(array.begin(), array.end(), value) != array.end();
  }

  static bool HasType(const Json& type, const Json& value) {
    if (type.is_array()) {
      return std::any_of(type.begin(), type.end(),
                         [&](const Json& one) { return HasType(one, value); });
    }
    if (type == "integer") return value.is_number_integer();
    return type == value.type_name();
  }

  void CheckObject(const Json& schema, const Json& value,
                   const std::string& where) {
    for (const Json& name : schema.value("required", Json::array())) {
      if (!value.contains(name.get<std::string>())) {
        errors.push_back(where + ": lacks " + name.dump());
      }
    }
    if (!schema.contains("properties")) return;
    for (const auto& [name, member] : value.items()) {
      if (!schema["properties"].contains(name)) {
        errors.push_back(where + ": the schema does not know " + name);
        continue;
      }
      Check(schema["properties"][name], member, where + "/" + name);
    }
  }
};

}  // namespace

std::vector<std::string> SchemaErrors(const std::string& schema,
                                      const std::string& document) {
  const std::string path =
      std::string(TEST_SCHEMA_DIR) + "/" + schema + ".v1.json";
  const Json rules = Json::parse(ReadTestFile(path), nullptr, false);
  if (rules.is_discarded()) return {path + ": cannot be read"};
  const Json value = Json::parse(document, nullptr, false);
  if (value.is_discarded()) return {"the document is not JSON"};
  Checker checker;
  checker.Check(rules, value, "");
  return checker.errors;
}

}  // namespace klpx
