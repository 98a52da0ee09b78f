// SPDX-License-Identifier: GPL-2.0
// The manual page: prose from a template, everything else from the tables of
// verbs, flags, findings and exit codes.
#ifndef KLPX_CONTROLLER_CLI_MANUAL_H_
#define KLPX_CONTROLLER_CLI_MANUAL_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace klpx {

// The template is a page in roff. Lines of it that are directives are replaced:
//   .\" @verb NAME     the head of a verb, its summary and its flags
//   .\" @flag NAME     the head of a flag, the verbs that take it, its help
//   .\" @findings, .\" @exit-status, .\" @examples   rows of these tables
// Fails if a directive names nothing that exists, or if a verb or flag has no
// directive.
absl::StatusOr<std::string> Manual(absl::string_view page);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CLI_MANUAL_H_
