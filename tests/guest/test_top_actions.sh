#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The actions of top: nothing without a yes, nothing unintended; signal, force
# one task, reverse.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/top.sh
. "$(dirname "$0")/lib/top.sh"

left() { only_pending $STUCK "$1"; }
# select_task TID: in the list, by a filter that only its row passes.
select_task() { keys / C-u "$1" Enter; }

start_terminal
start_stuck interruptible interruptible killable
KILLABLE=$SLEEPER
cli 0 enable --no-wait $STUCK.ko
left 3
start_top
shows "blocking: 2 on-function, 1 unint"

note "questions that are not answered with yes"
keys R
shows "reverse the transition of $STUCK? y/n"
keys n
hides "y/n"
keys X
shows "signal every task that blocks $STUCK? y/n"
keys Escape
hides "y/n"
keys F
shows "type 'force' and enter" "3 tasks"
keys "yes" Enter
shows "nothing has been forced: the word was not typed"
keys F
shows "type 'force' and enter"
keys Escape
shows "nothing has been forced"
left 3
expect_eq "forced" 0 "$(stat_of switched_forced)"

note "a signal to the selected task"
keys g g g g g # back to no groups
select_task "$KILLABLE"
shows ": 1 of 3"
keys x
shows "fake signal sent to task $KILLABLE"
left 3 # the signal does not help there, and top does not claim that it did
keys / Escape X
shows "y/n"
keys y
shows "fake signal sent to every task that blocks"
left 1

note "a small window, a wide one, and one that is too small"
resize 40 10
shows "1 of"
resize 132 43
shows "CGROUP"
resize 10 3
resize 80 24
shows "1 unint"
photograph "one is left"

note "force it, by name"
keys K
shows "type 'force' and enter"
photograph "the price of force"
keys "force" Enter
wait_for "the end" has_settled $STUCK
expect_eq "forced" 1 "$(stat_of switched_forced)"
shows "patching complete"

note "reverse a disable"
echo 1 >/dev/klpx_killable # the forced task would block the reversal
wait "$KILLABLE"
start_workload cat /dev/klpx_killable
wait_for "the new sleeper" sleeps_in "$PID" killable_read
cli 0 disable --no-wait $STUCK
shows "unpatching"
keys R
shows "y/n"
keys y
wait_for "the reversal" has_settled $STUCK
expect_eq "enabled" 1 "$(attr $STUCK enabled)"
keys e
shows "reversed"
photograph "events"
keys q
quit_top

kill_workloads # they sleep in the new functions by now
cli 0 disable $STUCK
end_stuck
