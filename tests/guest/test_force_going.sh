#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A patch module whose module_init() fails when a task is in its patch: the
# loader frees it as soon as the transition is over, so no task can be forced.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"

P=klpx_bad_init_fails

is_enabled() { [[ -e $SYS/$P/enabled ]] && has_settled $P; }
is_leaving() { [[ $(attr $P target) == unpatched ]] && pending_is $P 1; }

load_klpx
load_patch klpx_test_device
errno_of load "$(module_file $P)" inside=1 >/tmp/answer &
LOADER=$!
wait_for "patch to be enabled" is_enabled
start_workload cat /dev/klpx_killable
SLEEPER=$PID
wait_for "sleeper to sleep" sleeps_in "$SLEEPER" fails_wait_killable
wait_for "patch to be taken back" is_leaving

expect_eq "forcing all" EBUSY "$(errno_of write $SYS/$P/force 1)"
expect_eq "forcing one" EBUSY "$(errno_of write $SYS/$P/force_task "$SLEEPER")"
expect_logged "'$P': its module is being loaded or removed"
expect_eq "pending" 1 "$(attr $P pending)"

echo 1 >/dev/klpx_killable
wait "$SLEEPER"
await_gone $P
wait "$LOADER"
expect_eq "loading it" EIO "$(</tmp/answer)"
is_loaded $P && fail "$P is still loaded"
unload klpx_test_device
unload_klpx
