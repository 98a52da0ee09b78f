#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: boots=1
# ftrace has shut itself down while it had other users. klpx.ko can be removed:
# the machine still unwinds stacks and calls those users.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/ftrace_dead.sh
. "$(dirname "$0")/lib/ftrace_dead.sh"

others_watch
load_klpx
enable_patch $P
disable_patch $P
kill_ftrace
expect_eq "loading $P" ENODEV "$(errno_of load "$(module_file $P)")"
unload_klpx
expect_logged "ftrace has shut itself down"
expect_alive
expect_eq "loading klpx.ko" ENODEV "$(errno_of load "$KLPX/klpx.ko")"
expect_alive
