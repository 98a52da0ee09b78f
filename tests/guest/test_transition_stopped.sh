#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Stopped and traced tasks: outside the patched function they are switched as
# they are; inside it they stay pending until they continue.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"

P=klpx_test_waits

state_is() { [[ $(state_of "$1") == "$2" ]]; }

load_klpx
load_patch klpx_test_device

note "stopped elsewhere"
start_workload sleep 1000
STOPPED=$PID
kill -STOP "$STOPPED"
wait_for "task to stop" state_is "$STOPPED" T
enable_patch $P
disable_patch $P
stop_workload "$STOPPED"

note "stopped when it left the function"
start_sleeper interruptible
load_patch $P
only_pending $P 1
kill -STOP "$SLEEPER" # ends the sleep, and stops it outside the function
await $P
wait_for "task to stop" state_is "$SLEEPER" T
kill -CONT "$SLEEPER"
wait_for "task to sleep again" sleeps_in "$SLEEPER" wait_interruptible
echo 1 >/dev/klpx_interruptible
wait "$SLEEPER"
disable_patch $P

note "stopped in an uninterruptible sleep"
start_sleeper killable
kill -STOP "$SLEEPER"
load_patch $P
only_pending $P 1
echo 1 >/dev/klpx_killable
await $P
wait_for "task to stop" state_is "$SLEEPER" T
kill -CONT "$SLEEPER"
wait "$SLEEPER"

note "killed while pending"
start_workload cat /dev/klpx_killable
wait_for "task to sleep" sleeps_in "$PID" wait_killable
start_disable $P
only_pending $P 1
stop_workload "$PID"
await_gone $P
unload $P
unload klpx_test_device
unload_klpx
