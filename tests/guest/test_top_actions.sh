#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What klp-controller top does: signals, reverses, forces, each only when it was
# meant.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/top.sh
. "$(dirname "$0")/lib/top.sh"

start_stuck killable
KILLABLE=$SLEEPER
start_stuck interruptible
start_terminal
start_top
cli 0 enable --no-wait $STUCK.ko
shows "$STUCK: patching, 2 of"

note "signal: the one that is selected, and no other"
keys / on-function Enter
shows "1 of 2"
before=$(stat_of signals)
keys x
shows "fake signal sent to task $SLEEPER" "cat/$SLEEPER switched, or gone"
expect_eq "signals" $((before + 1)) "$(stat_of signals)"
only_pending $STUCK 1
keys / Escape

note "signal all: not without a yes; it does not help against this one"
keys X
shows "signal every task that blocks $STUCK? y/n"
keys n
hides "y/n"
expect_eq "signals" $((before + 1)) "$(stat_of signals)"
keys X y
shows "sent to every task"
expect_more "signals" $((before + 1)) "$(stat_of signals)"
only_pending $STUCK 1

note "force: the price first, and only the word counts"
keys F
shows "can corrupt data" "would be forced:" "$KILLABLE" "type 'force'"
photograph "the price of forcing"
keys yes Enter
shows "nothing has been forced"
keys K
shows "Task $KILLABLE would be forced"
keys forc Enter
hides "type 'force'"
only_pending $STUCK 1
expect_eq "forced" 0 "$(attr $STUCK forced)"

note "reverse"
keys R
shows "send $STUCK back to where it came from? y/n"
keys y
shows "$STUCK: unpatching, 1 of" "$STUCK: turned round, now unpatching"
# The one that was signalled sleeps in the new function now.
keys X y
shows "$STUCK: unpatching complete" "nothing is in transition" "reversed"
photograph "after the reversal"
wait_for "$STUCK to be gone" is_gone $STUCK
cli 0 unload $STUCK

note "force: the word is typed"
cli 0 enable --no-wait $STUCK.ko
# Both sleep in the old functions again.
shows "$STUCK: patching, 2 of"
keys F
shows "type 'force'"
keys force Enter
shows "2 tasks forced" "nothing is in transition"
expect_eq "enabled" 1 "$(attr $STUCK enabled)"
expect_eq "tasks forced" 2 "$(stat_of switched_forced)"
photograph "after force"
quit_top


echo 1 >/dev/klpx_killable
wait "$KILLABLE"
end_stuck
