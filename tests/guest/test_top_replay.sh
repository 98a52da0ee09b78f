#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A transition of the history on the screen: its clock, its blocking tasks, and
# that it cannot be acted on.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/top.sh
. "$(dirname "$0")/lib/top.sh"

start_terminal
start_stuck interruptible killable
# Waits, so that the history has the blocking tasks, and since when they block.
cli 3 enable --timeout 4 $STUCK.ko
cli 0 force --i-understand $STUCK
json 0 klp.history/v1 history --forced --limit 1
ID=$(json_get "['transitions'][0]['id']")

start_top_with "--replay $ID"
shows "REPLAY of $ID" "$STUCK: patching"
keys Space 5
shows "STOPPED" "blocking: 1 on-function, 1 unint" " $SLEEPER cat"
photograph "half of it"
keys R
shows "this is a replay: it cannot be acted on"
keys + +
shows "speed 4"
keys 0 Space
shows "forced"
quit_top

note "a transition that does not exist"
start_top_with "--replay 99999"
hides "status=0"
shows "status="
is_on_screen "99999" || fail "it does not say what is not there: $(screen)"
kill_workloads
cli 0 disable $STUCK
end_stuck
