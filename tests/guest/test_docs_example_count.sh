#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The two cumulative examples: the count and its start are handed over on
# upgrade and downgrade, and are freed with the last patch that has them.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"

ONE=klpx_demo_count_v1
TWO=klpx_demo_count_v2
BOOT_CMDLINE=$(</proc/cmdline)

# reads WHAT PATTERN: expects that /proc/cmdline matches.
reads() {
  local text
  text=$(</proc/cmdline)
  [[ $text =~ ^$2$ ]] || fail "$1: wanted $2, got $text"
}

# takes_over NEW OLD
takes_over() {
  enable_patch "$1"
  await_gone "$2"
  unload "$2"
}

load_klpx
enable_patch $ONE
reads "v1" "v1: read 1 times"
reads "v1" "v1: read 2 times"
pause 3
takes_over $TWO $ONE
reads "v2 goes on" "v2: read 3 times in ([3-9]|[0-9]{2,}) s"
takes_over $ONE $TWO
reads "v1 again" "v1: read 4 times"
takes_over $TWO $ONE
reads "v2 again" "v2: read 5 times in ([3-9]|[0-9]{2,3}) s"
takes_over $ONE $TWO
disable_patch $ONE
expect_eq "without" "$BOOT_CMDLINE" "$(</proc/cmdline)"

note "freed with the last patch that had it"
enable_patch $TWO
reads "v2 alone" "v2: read 1 times in [0-9]+ s"
unshare -u cat /proc/cmdline >/tmp/other
expect_eq "in a namespace of its own" "v2: read 1 times" "$(grep -o '^v2: read 1 times' /tmp/other)"
reads "v2 alone" "v2: read 2 times in [0-9]+ s"
disable_patch $TWO
expect_eq "without" "$BOOT_CMDLINE" "$(</proc/cmdline)"
unload_klpx
