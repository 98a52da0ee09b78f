// SPDX-License-Identifier: GPL-2.0
// SHA-256 (FIPS 180-4): which bytes were handed to the kernel, so that no other
// file can pass for them. Written out: none of the libraries that are linked
// has it, and one more is a lot for this.
#ifndef KLPX_CONTROLLER_CORE_BASE_SHA256_H_
#define KLPX_CONTROLLER_CORE_BASE_SHA256_H_

#include <string>

#include "absl/strings/string_view.h"

namespace klpx {

// In hexadecimal.
std::string Sha256(absl::string_view bytes);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_BASE_SHA256_H_
