// SPDX-License-Identifier: GPL-2.0
// As much of JSON Schema as docs/schemas/ uses: type, const, enum, required,
// properties, items.
#ifndef KLPX_TESTS_UNIT_SCHEMA_SCHEMA_CHECK_H_
#define KLPX_TESTS_UNIT_SCHEMA_SCHEMA_CHECK_H_

#include <string>
#include <vector>

namespace klpx {

// What is wrong with a document, by docs/schemas/<schema>.v1.json; empty if
// nothing is. Fields that the schema does not know are wrong too: it is to be
// complete.
std::vector<std::string> SchemaErrors(const std::string& schema,
                                      const std::string& document);

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_SCHEMA_SCHEMA_CHECK_H_
