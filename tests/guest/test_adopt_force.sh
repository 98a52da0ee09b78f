#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# An adopted patch that a task is forced out of, through the kernel's own files:
# its module stays until reboot, and so does klpx.ko.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"
# shellcheck source=tests/guest/lib/adopt.sh
. "$(dirname "$0")/lib/adopt.sh"

adopt_start
load_patch klpx_test_device
start_sleeper killable

note "into it: that pins nothing"
load_patch $X killable=1
only_pending $X 1
expect_eq "force" ok "$(errno_of write $THEIRS/$X/force 1)"
await $X
echo 1 >/dev/klpx_killable
wait "$SLEEPER"
disable_patch $X

note "out of it"
adopted $X killable=1
start_workload cat /dev/klpx_killable
wait_for "sleeper" sleeps_in "$PID" adopt_wait_killable
start_disable $X
only_pending $X 1
expect_eq "force" ok "$(errno_of write $THEIRS/$X/force 1)"
await_gone $X
[[ ! -L $THEIRS/$X ]] || fail "the link is still there"
expect_more "refcount of a patch that was forced out" 0 "$(refcount $X)"
expect_eq "unloading it" EAGAIN "$(errno_of unload $X)"
adopt 0
expect_eq "unloading klpx.ko" EAGAIN "$(errno_of unload klpx)"

note "the sleeper returns through the module that was kept for it"
echo 1 >/dev/klpx_killable
wait "$PID"
unload klpx_test_device
echo "$X $HELPER klpx" >/run/klpx-test-forced
expect_untraced "at the end"
expect_eq "entries" 0 "$(stat_of entries)"
