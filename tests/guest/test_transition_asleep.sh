#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: memory=4096
# 20,000 tasks that sleep outside the patched functions are switched asleep.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"

P=klpx_demo_cmdline
THREADS=20000

start_crowd $THREADS

load_klpx
before=$(stat_of switched_asleep)
enable_patch $P
expect_more "tasks switched in their sleep" $THREADS \
  $(($(stat_of switched_asleep) - before + 1))
note "enabled: $(attr $P tasks) tasks in $(attr $P elapsed_ms) ms," \
  "$(stat_of passes) passes, $(attr $P retries) timer retries"
expect_eq "entries" 0 "$(stat_of entries)"

before=$(stat_of switched_asleep)
disable_patch $P
expect_more "tasks switched back" $THREADS \
  $(($(stat_of switched_asleep) - before + 1))
note "in all $(stat_of tasks_checked) checks of tasks"
stop_workload "$CROWD"
unload_klpx
