#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: cpus=4
# On an idle machine a transition completes without ever waiting for the retry
# timer, in both directions: idle CPUs are switched at once.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"

P=klpx_demo_cmdline
ROUNDS=5

load_klpx
sleep 2 # let the work of the boot end: this test needs an idle machine
for ((round = 1; round <= ROUNDS; round++)); do
  idle=$(stat_of switched_idle)
  enable_patch $P
  expect_eq "timer retries, enabling" 0 "$(attr $P retries)"
  expect_eq "idle tasks switched" 4 $(($(stat_of switched_idle) - idle))
  note "round $round: enabled $(attr $P tasks) tasks in $(attr $P elapsed_ms) ms"
  idle=$(stat_of switched_idle)
  start_disable $P
  await_gone $P
  expect_eq "idle tasks switched back" 4 $(($(stat_of switched_idle) - idle))
  unload $P
done
expect_eq "timer retries in all" 0 "$(stat_of timer_retries)"
unload_klpx
