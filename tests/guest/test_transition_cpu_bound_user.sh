#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# User tasks that keep every CPU busy and never enter the kernel by themselves
# are switched when they are interrupted.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"

P=klpx_demo_cmdline

load_klpx
start_workload "$WORKLOADS/spin" 4
SPINNER=$PID
note "more of them than CPUs: switched when preempted, or on return to user mode"
for _ in 1 2 3; do
  enable_patch $P
  note "enabled in $(attr $P elapsed_ms) ms, $(attr $P retries) timer retries"
  disable_patch $P
done

note "a real-time hog, which nothing preempts: switched on return to user mode"
# The kernel does not preempt it either, as it otherwise does for 50 ms a
# second.
echo -1 >/proc/sys/kernel/sched_rt_runtime_us
chrt -f -p 50 "$SPINNER"
exits=$(stat_of switched_kernel_exit)
# The kernel's stopper threads may preempt it in a round.
for _ in {1..10}; do
  enable_patch $P
  note "enabled in $(attr $P elapsed_ms) ms, $(attr $P retries) timer retries"
  disable_patch $P
  (($(stat_of switched_kernel_exit) < exits + 3)) || break
done
expect_more "tasks switched at kernel exit" "$exits" \
  "$(stat_of switched_kernel_exit)"
echo 950000 >/proc/sys/kernel/sched_rt_runtime_us
expect_eq "signals needed" 0 "$(stat_of signals)"
stop_workload "$SPINNER"
unload_klpx
