// SPDX-License-Identifier: GPL-2.0
// The part of JSON Schema that docs/schemas/ uses: type, const, enum, required,
// properties, items.
#ifndef KLPX_TESTS_UNIT_SCHEMA_SCHEMA_CHECK_H_
#define KLPX_TESTS_UNIT_SCHEMA_SCHEMA_CHECK_H_

#include <string>
#include <vector>

namespace klpx {

// Checks a document against docs/schemas/<schema>.v1.json; "" if it is valid.
// Fields that the schema does not have are errors, too: the schema must be
// complete.
std::vector<std::string> SchemaErrors(const std::string& schema,
                                      const std::string& document);

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_SCHEMA_SCHEMA_CHECK_H_
