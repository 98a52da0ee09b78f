#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# klp-controller top as a user sees it: what is missing, the blocking tasks
# sorted, grouped and filtered, their stacks.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/top.sh
. "$(dirname "$0")/lib/top.sh"

note "no terminal: refused, with a way out"
cli 2 top
expect_says "top" "not a terminal"
cli 2 -j top

note "no engine: says so, and waits"
start_terminal
start_top
shows "klpx.ko is not loaded" "no transitions on record"
quit_top

note "three sleepers block, and a policy leaves them there"
start_stuck interruptible interruptible killable
KILLABLE=$SLEEPER
start_top
cli 0 enable --no-wait $STUCK.ko
shows "$STUCK: patching, 3 of" "no end in sight" "blocking: 2 on-function, 1 unint" \
  "wait_for_completion" "every 1s" "$STUCK enabling"
shows "patching started" "cat/$KILLABLE blocks"
photograph "three tasks block"

note "sort, invert, group, fold, filter"
keys s
shows "sort tid"
first=$(line " $KILLABLE ")
keys i
shows "sort tid inverted"
(($(line " $KILLABLE ") < first)) || fail "the last task is not the first"
keys g
shows "group function" "+ 2 tasks" "+ 1 task,"
photograph "by function"
keys Enter
shows "- 2 tasks"
keys g
shows "group reason"
keys g
shows "process $KILLABLE cat"
keys g
shows "group cgroup"
keys g
shows "group none"
keys /
keys killable
shows "filter: killable_" "'killable': 1 of 3"
keys Enter

note "the stack of the one remaining task"
keys Enter
shows "task $KILLABLE cat" "uninterruptible" "killable_read" "cat /dev/klpx_killable"
photograph "a task"
keys q
keys / Escape
shows "filter none"
keys '?'
shows "force the selected task"
photograph "help"
keys q

quit_top

note "top has recorded what it saw"
json 0 klp.history/v1 history --limit 1
[[ $(json_get "['transitions'][0]['watched']") != "[]" ]] ||
  fail "top has watched, and the history does not say so"
[[ $(json_get "['transitions'][0]['blocked']") == *"\"tid\":$KILLABLE,"* ]] ||
  fail "top has not recorded $KILLABLE"

note "the progress line of a waiting verb takes one row at any terminal width"
rows_of_progress() { screen | grep -c "patching"; }
waits_in() {
  resize "$1" 24
  keys "clear; klp-controller wait" Enter
  shows "no time limit" "patching"
  pause 2
  expect_eq "rows at $1 columns" 1 "$(rows_of_progress)"
}
waits_in 80
resize 50 24 # the terminal itself wraps the line that is already there
pause 2
(($(rows_of_progress) <= 2)) || fail "a narrower window is flooded: $(screen)"
keys C-c
shows "still patching"
for columns in 60 40; do
  waits_in $columns
  keys C-c
done
end_stuck
