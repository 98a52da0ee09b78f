// SPDX-License-Identifier: GPL-2.0
// System call errors as absl::Status that keep their errno.
#ifndef KLPX_CONTROLLER_SYS_IO_ERRNO_STATUS_H_
#define KLPX_CONTROLLER_SYS_IO_ERRNO_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace klpx {

// "what: Device or resource busy". EPERM and EACCES are kNotPermitted.
absl::Status ErrnoError(int error_number, absl::string_view what);

// 0 for a status that was not made by ErrnoError().
int ErrnoOf(const absl::Status& status);

}  // namespace klpx

#endif  // KLPX_CONTROLLER_SYS_IO_ERRNO_STATUS_H_
