#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# User tasks that keep every CPU busy and never enter the kernel by themselves
# are switched on their way back to user mode from the interruption.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"

P=klpx_demo_cmdline

load_klpx
start_workload "$WORKLOADS/spin" 4
SPINNER=$PID
for _ in 1 2 3; do
  exits=$(stat_of switched_kernel_exit)
  enable_patch $P
  note "enabled in $(attr $P elapsed_ms) ms, $(attr $P retries) timer retries"
  expect_more "tasks switched at kernel exit" "$exits" \
    "$(stat_of switched_kernel_exit)"
  expect_eq "signals needed" 0 "$(stat_of signals)"
  disable_patch $P
done

note "a real-time hog that never yields"
chrt -f -p 50 "$SPINNER"
enable_patch $P
disable_patch $P
stop_workload "$SPINNER"
unload_klpx
