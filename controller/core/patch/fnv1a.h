// SPDX-License-Identifier: GPL-2.0
#ifndef KLPX_CONTROLLER_CORE_PATCH_FNV1A_H_
#define KLPX_CONTROLLER_CORE_PATCH_FNV1A_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace klpx {

// FNV-1a with 64 bits: detects damage, not malice. Permissions of the file
// system protect against the latter.
uint64_t Fnv1a(absl::string_view bytes);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_CORE_PATCH_FNV1A_H_
