# SPDX-License-Identifier: GPL-2.0
# KLPX_VERSION, from the one place where it stands.
file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/../include/klpx/version.h" _version
  REGEX "define KLPX_VERSION \"")
string(REGEX REPLACE ".*\"(.+)\".*" "\\1" KLPX_VERSION "${_version}")
