#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A worker thread of io_uring, which never returns to user mode, asleep in the
# patched function: a signal makes it leave, and the program gets EINTR, as
# documented.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/events.sh
. "$(dirname "$0")/lib/events.sh"

P=klpx_test_waits

[[ -e /proc/sys/kernel/io_uring_disabled ]] || { echo "SKIP: io_uring"; exit 77; }
echo 0 >/proc/sys/kernel/io_uring_disabled

worker_of() { grep -l '^iou-wrk-' "/proc/$1"/task/*/comm | grep -o '[0-9]*/comm' | grep -o '[0-9]*'; }
has_worker_in() { local tid; tid=$(worker_of "$1") && sleeps_in "$tid" "$2"; }

load_klpx
watch_events
load_patch klpx_test_device
results=$(mktemp)
start_workload "$WORKLOADS/uring_reader" /dev/klpx_interruptible >"$results"
wait_for "worker to sleep" has_worker_in "$PID" interruptible_read

note "a worker in the old function"
load_patch $P
only_pending $P 1
WORKER=$(worker_of "$PID")
expect_verdict "$WORKER" on-function wait_for_completion_interruptible
write_attr $P signal_task "$WORKER"
await $P
expect_switched_itself "$WORKER"
expect_eq "results so far" "result -4" "$(<"$results")"

note "a worker in the new function"
wait_for "worker to sleep" has_worker_in "$PID" wait_interruptible
start_disable $P
only_pending $P 1
write_attr $P signal 1
await_gone $P
wait_for "worker to sleep" has_worker_in "$PID" interruptible_read
unload $P

note "reading continues as if nothing had happened"
echo 1 >/dev/klpx_interruptible
wait "$PID"
expect_eq "last result" "result 0" "$(tail -n 1 "$results")"
rm "$results"
wait_for "device to be closed" unused klpx_test_device
unload klpx_test_device
ignore_events
unload_klpx
