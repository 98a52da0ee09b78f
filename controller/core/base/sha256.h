// SPDX-License-Identifier: GPL-2.0
// SHA-256 (FIPS 180-4) identifies the bytes that were passed to the kernel, so
// that no other file can pass for them. It is implemented here because no
// linked library has it, and another library would be much for so little.
#ifndef KLPX_CONTROLLER_CORE_BASE_SHA256_H_
#define KLPX_CONTROLLER_CORE_BASE_SHA256_H_

#include <string>

#include "absl/strings/string_view.h"

namespace klpx {

// In hexadecimal.
std::string Sha256(absl::string_view bytes);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_SHA256_H_
