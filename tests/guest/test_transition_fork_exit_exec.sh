#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# Storms of forks, vforks, exiting threads and programs executed by threads that
# are not the leader, while a patch is enabled and disabled: no task is missed,
# nothing is left behind, and a task in a replacement keeps the module, even
# after the task has left the task list.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/events.sh
. "$(dirname "$0")/lib/events.sh"

ROUNDS=6
! is_slow || ROUNDS=3
EXECS=100000 # more than there is time for

# in_and_out PATCH: enabled and disabled ROUNDS times, unloaded each time.
in_and_out() {
  local round
  for ((round = 0; round < ROUNDS; round++)); do
    enable_patch "$1"
    disable_patch "$1"
  done
  expect_eq "entries after $1" 0 "$(stat_of entries)"
  expect_eq "fork entries lost" 0 "$(stat_of fork_entries_lost)"
}

# storm NAME PATCH
storm() {
  note "$1 under $2"
  start_workload "$WORKLOADS/$1"
  in_and_out "$2"
  end_storm "$PID"
}

load_klpx
storm fork_storm klpx_demo_cmdline
storm vfork_loop klpx_demo_cmdline
storm exit_storm klpx_demo_cmdline

exited=$(stat_of switched_exited)
storm exit_storm klpx_test_exit
expect_more "tasks that left by exiting" "$exited" "$(stat_of switched_exited)"
storm fork_storm klpx_test_exit

for patch in klpx_demo_cmdline klpx_test_exec; do
  note "exec from a thread that is not the leader, under $patch"
  start_workload "$WORKLOADS/exec_nonleader" $EXECS
  in_and_out $patch
  kill -0 "$PID" || fail "exec_nonleader has ended by itself"
  stop_workload "$PID"
done

LINGER_MS=4000
! is_slow || LINGER_MS=20000
watch_events
note "a task that has left the task list lingers in a replacement"
enable_patch klpx_test_exit linger_ms=$LINGER_MS
"$WORKLOADS/exec_nonleader" 0 >/dev/null &
LINGERING=$!
wait $LINGERING # reaped: the task is in no list any more
start_disable klpx_test_exit
expect_verdict $LINGERING exiting proc_exit_connector
expect_eq "transition while a task lingers" 1 "$(attr klpx_test_exit transition)"
await_gone klpx_test_exit
unload klpx_test_exit

note "a thread that took over its leader's identity is found by its new tid"
enable_patch klpx_test_exec linger_ms=$((2 * LINGER_MS))
start_workload "$WORKLOADS/exec_nonleader" 1
wait_for "task to linger" sleeps_in "$PID" exec_connector
start_disable klpx_test_exec
expect_verdict "$PID" uninterruptible proc_exec_connector
expect_eq "signal to its tid" ok \
  "$(errno_of write $SYS/klpx_test_exec/signal_task "$PID")"
await_gone klpx_test_exec
wait "$PID"
unload klpx_test_exec
ignore_events
expect_eq "exits untracked" 0 "$(stat_of exits_untracked)"
unload_klpx
