#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# do_exit(), copy_process() and other functions that create and end tasks are
# patched, under storms of forks, vforks and exiting threads: enabled, disabled,
# reversed, and the module freed each time. Every task that exits has the
# replacement of do_exit() on its stack, even after it has left the task list.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/through.sh
. "$(dirname "$0")/lib/through.sh"

TURNS=4

# storms NAMES STORM...: all of the storms at once.
storms() {
  local storm pids=()
  note "${*:2}: $1"
  for storm in "${@:2}"; do
    start_workload "$WORKLOADS/$storm"
    pids+=("$PID")
  done
  in_and_out "$1" "$HELD" $TURNS
  for storm in "${pids[@]}"; do end_storm "$storm"; done
}

LIFE=$(traceable do_exit copy_process wake_up_new_task schedule_tail \
  do_task_dead release_task)
for name in do_exit copy_process wake_up_new_task; do
  [[ ,$LIFE, == *,$name,* ]] || fail "this kernel cannot trace $name"
done

HELD=do_exit,copy_process,wake_up_new_task,wait_for_completion_killable

load_klpx
load_patch klpx_test_device
start_sleeper killable
exited=$(stat_of switched_exited)
reversals=$(stat_of reversals)
storms "$LIFE" fork_storm exit_storm
storms "do_exit,$(traceable kernel_clone)" vfork_loop exit_storm
expect_more "tasks that left by exiting" "$exited" "$(stat_of switched_exited)"
expect_more "reversals" $((reversals + 2 * ROUNDS * TURNS - 1)) \
  "$(stat_of reversals)"
echo 1 >/dev/klpx_killable
wait "$SLEEPER"
unload klpx_test_device

expect_eq "entries" 0 "$(stat_of entries)"
expect_eq "fork entries lost" 0 "$(stat_of fork_entries_lost)"
expect_eq "exits untracked" 0 "$(stat_of exits_untracked)"
unload_klpx
