// SPDX-License-Identifier: GPL-2.0
// The files of the page, embedded in the program. page/bundle.py generates the
// table when the program is built.
#ifndef KLPX_CONTROLLER_WEB_ASSETS_H_
#define KLPX_CONTROLLER_WEB_ASSETS_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace klpx {

struct Asset {
  absl::string_view path;  // "/app.js"
  absl::string_view type;
  absl::string_view tag;  // changes with the contents
  absl::string_view contents;
};

absl::Span<const Asset> Assets();

}  // namespace klpx

#endif  // KLPX_CONTROLLER_WEB_ASSETS_H_
