#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The engine's mutex: a task that waits for it in sysfs can be killed, and the
# longest times that it was held and waited for are reported.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"

SLOW=klpx_test_slow

is_inside() { [[ $(cat /sys/module/$SLOW/parameters/inside 2>/dev/null) == Y ]]; }
is_dead() { [[ ! -e /proc/$1 || $(state_of "$1" 2>/dev/null) =~ ^Z?$ ]]; }

# killable FUNCTION COMMAND...: the command waits for the mutex in that function
# of the engine, and can be killed there.
killable() {
  start_workload "${@:2}"
  wait_for "$1() to wait" sleeps_in "$PID" "$1"
  kill -KILL "$PID"
  wait_for "$1() to end" is_dead "$PID"
  wait "$PID" 2>/dev/null || true
}

load_klpx
errno_of load "$(module_file $SLOW)" >/tmp/slow &
LOADER=$!
wait_for "the callback to be called" is_inside
killable stack_order_show cat $SYS/$SLOW/stack_order
killable enabled_store /tmp/errno_of write $SYS/$SLOW/enabled 0
is_inside || fail "the callback has not waited to be told"
start_workload cat $SYS/$SLOW/stack_order >/dev/null
wait_for "a reader to wait" sleeps_in "$PID" stack_order_show
echo 0 >/sys/module/$SLOW/parameters/hold
wait $LOADER
wait "$PID"
expect_eq "loading $SLOW" ok "$(</tmp/slow)"
await $SLOW

for what in held waited; do
  file=lock_${what}_max_ns
  expect_more "$file" 0 "$(stat_of $file)"
  for value in 1 -1 x ' '; do
    expect_eq "writing '$value' to $file" EINVAL \
      "$(errno_of write "$STATS/$file" "$value")"
  done
done
longest=$(stat_of lock_held_max_ns)
expect_eq "writing 0" ok "$(errno_of write $STATS/lock_held_max_ns 0)"
cat $SYS/$SLOW/stack_order >/dev/null
# Without the time that the callback slept.
expect_more "the longest time since" "$(stat_of lock_held_max_ns)" "$longest"

note "a task that waited for the mutex finds nothing of a patch that is gone"
echo 1 >/sys/module/$SLOW/parameters/hold
start_disable $SLOW
wait_for "the callback at the end" is_inside
start_workload cat $SYS/$SLOW/fastpath_functions >/tmp/functions
READER=$PID
start_workload /tmp/errno_of write $SYS/$SLOW/fastpath off >/tmp/fastpath
wait_for "a reader to wait" sleeps_in "$READER" fastpath_functions_show
wait_for "a writer to wait" sleeps_in "$PID" fastpath_store
echo 0 >/sys/module/$SLOW/parameters/hold
wait "$READER" "$PID"
expect_eq "fastpath_functions" 0 "$(</tmp/functions)"
expect_eq "writing fastpath" EINVAL "$(</tmp/fastpath)"
await_gone $SLOW
unload $SLOW
unload_klpx
