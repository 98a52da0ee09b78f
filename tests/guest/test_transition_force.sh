#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Forced completion: of one task, then of all. A patch that a task was forced
# out of stays in memory until reboot; a patch that a task was forced into does
# not.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"

P=klpx_test_waits

load_klpx
load_patch klpx_test_device
for _ in 1 2 3; do start_sleeper killable; done

note "one of three is forced into the patch, then the rest"
load_patch $P
only_pending $P 3
expect_eq "forcing a task that is not pending" ESRCH \
  "$(errno_of write $SYS/$P/force_task $$)"
write_attr $P force_task "$SLEEPER"
wait_for "two pending tasks" pending_is $P 2
expect_eq "transition with two tasks pending" 1 "$(attr $P transition)"
expect_eq "switched_forced" 1 "$(stat_of switched_forced)"
write_attr $P force 1
await $P
expect_eq "switched_forced" 3 "$(stat_of switched_forced)"
expect_eq "forced, on the way in" 0 "$(attr $P forced)"
for _ in 1 2 3; do echo 1 >/dev/klpx_killable; done
wait

disable_patch $P
note "disabled and unloaded: tasks forced into it do not pin it"

note "out of the patch"
enable_patch $P
start_workload cat /dev/klpx_killable
wait_for "sleeper to sleep" sleeps_in "$PID" wait_killable
start_disable $P
only_pending $P 1
write_attr $P force 0
expect_eq "pending after force 0" 1 "$(attr $P pending)"
write_attr $P force 1
await_gone $P
expect_more "refcount of a patch that was forced out" 0 "$(refcount $P)"
expect_eq "unloading it" EAGAIN "$(errno_of unload $P)"

note "the sleeper returns through the module that was kept for it"
echo 1 >/dev/klpx_killable
wait "$PID"
unload klpx_test_device
echo "$P klpx" >/run/klpx-test-forced
expect_eq "enabled_functions" "" "$(</sys/kernel/tracing/enabled_functions)"
expect_eq "entries" 0 "$(stat_of entries)"
