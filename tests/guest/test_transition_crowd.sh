#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: memory=4096 timeout=600
# 20,000 threads and as many zombies, with forks meanwhile and all debug
# messages of the engine (dynamic debug): with no task blocking, and with all of
# them blocking. Neither is processed with interrupts off or the machine
# stopped.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/through.sh
. "$(dirname "$0")/lib/through.sh"

P=klpx_demo_cmdline
THREADS=$MANY
PAUSE=__x64_sys_pause

FEW=500 # the most tasks to handle in any section that blocks a CPU

# until_done VERB ARGUMENT...: repeated while a task happens to block it.
until_done() {
  local answer deadline=$((SECONDS + WAIT_SECONDS))
  while answer=$(errno_of "$@") && [[ $answer == EBUSY ]]; do
    ((SECONDS < deadline)) || fail "${*:2}: refused for $WAIT_SECONDS s"
  done
  expect_eq "$*" ok "$answer"
}

pending_at_least() { (($(attr "$1" pending) >= $2)); }
all_pending() {
  wait_for "$THREADS pending tasks" pending_at_least $THROUGH $THREADS
}

load_klpx
echo 'module klpx +p' >/proc/dynamic_debug/control
# Only to the log, not to the console: a serial line would take minutes.
echo N >/sys/module/printk/parameters/ignore_loglevel
echo 7 >/proc/sys/kernel/printk

start_crowd $THREADS
start_zombies $THREADS
start_workload "$WORKLOADS/fork_storm"
STORM=$PID

note "no task blocks"
enable_patch $P
expect_more "tasks" $((2 * THREADS)) "$(attr $P tasks)"
note "enabled $(attr $P tasks) tasks in $(attr $P elapsed_ms) ms"
disable_patch $P

note "the machine is stopped"
until_done load "$(module_file klpx_test_version1)" stop_machine=1
until_done write $SYS/klpx_test_version1/enabled 0
await_gone klpx_test_version1
unload klpx_test_version1
for what in irqs_off_max_steps stopped_max_tasks; do
  note "$what: $(stat_of $what)"
  expect_more "$what" 0 "$(stat_of $what)"
  expect_more "limit of $what" "$(stat_of $what)" $FEW
done

note "all tasks block: reversed"
load_patch $THROUGH funcs=$PAUSE
all_pending
start_disable $THROUGH
await_gone $THROUGH
unload $THROUGH

note "all tasks block: signals, enabled and disabled"
signals=$(stat_of signals)
load_patch $THROUGH funcs=$PAUSE
all_pending
write_attr $THROUGH signal 1
await $THROUGH
expect_more "signals" $((signals + THREADS - 1)) "$(stat_of signals)"
wait_for "threads to sleep again" was_called $PAUSE $((THREADS - 1))
start_disable $THROUGH
all_pending
write_attr $THROUGH signal 1
await_gone $THROUGH
unload $THROUGH

lines=$(dmesg | grep -c "klpx: klp_try_switch_task: .* is sleeping on function $PAUSE" || true)
expect_more "lines about those that block" 0 "$lines"
end_storm $STORM
stop_workload "$CROWD"
stop_workload "$ZOMBIES"
expect_eq "fork entries lost" 0 "$(stat_of fork_entries_lost)"
wait_for "threads to be gone" [ "$(stat_of entries)" = 0 ]
unload_klpx
