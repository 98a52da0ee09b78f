# SPDX-License-Identifier: GPL-2.0
# Adds to klpx_options the options with which two checkouts give the same bytes
# (docs/HACKING.md, "The same bytes"). File names start at the checkout, and
# the date is not compiled in. Of two maps that fit, the later is used.
target_compile_options(klpx_options INTERFACE -Werror=date-time
  "-ffile-prefix-map=${PROJECT_SOURCE_DIR}=."
  "-ffile-prefix-map=${PROJECT_BINARY_DIR}=./build")
