#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: boots=1
# ftrace shuts itself down while a function is patched. The patch can be
# disabled and its module removed; the function stays redirected to klpx.ko,
# which stays.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/ftrace_dead.sh
. "$(dirname "$0")/lib/ftrace_dead.sh"

others_watch
load_klpx
enable_patch $P
kill_ftrace
expect_eq "/proc/version" $P "$(</proc/version)"
disable_patch $P
expect_eq "/proc/version" "$BOOT_VERSION" "$(</proc/version)"
expect_logged "ftrace does not let go of functions any more"
expect_eq "removing klpx.ko" EAGAIN "$(errno_of unload klpx)"
expect_alive
echo klpx >/run/klpx-test-forced
