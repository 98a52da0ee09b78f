// SPDX-License-Identifier: GPL-2.0
#ifndef KLPX_CONTROLLER_CORE_PATCH_FINGERPRINT_H_
#define KLPX_CONTROLLER_CORE_PATCH_FINGERPRINT_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace klpx {

// FNV-1a with 64 bits: detects damage, not malice. Permissions of the file
// system protect against the latter.
uint64_t FingerprintOf(absl::string_view bytes);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PATCH_FINGERPRINT_H_
