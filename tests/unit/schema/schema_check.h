// SPDX-License-Identifier: GPL-2.0
// Is a document as docs/schemas/ says? Asks python3-jsonschema.
#ifndef KLPX_TESTS_UNIT_SCHEMA_SCHEMA_CHECK_H_
#define KLPX_TESTS_UNIT_SCHEMA_SCHEMA_CHECK_H_

#include <string>
#include <vector>

namespace klpx {

// Checks a document against docs/schemas/<schema>.v1.json: one line for each
// fault. Fields that the schema does not have are faults, too: the schema must
// be complete. A check that cannot run is a fault.
std::vector<std::string> SchemaErrors(const std::string& schema,
                                      const std::string& document);

}  // namespace klpx

#endif  // KLPX_TESTS_UNIT_SCHEMA_SCHEMA_CHECK_H_
