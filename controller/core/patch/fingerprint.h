// SPDX-License-Identifier: GPL-2.0
#ifndef KLPX_CONTROLLER_CORE_PATCH_FINGERPRINT_H_
#define KLPX_CONTROLLER_CORE_PATCH_FINGERPRINT_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace klpx {

// Tells damage, not malice: FNV-1a, 64 bits. Who may write is the file
// system's to decide.
uint64_t FingerprintOf(absl::string_view bytes);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PATCH_FINGERPRINT_H_
