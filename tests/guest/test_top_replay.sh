#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# klp-controller top --replay: a transition of the past, with a clock that keys
# move.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/history.sh
. "$(dirname "$0")/lib/history.sh"
# shellcheck source=tests/guest/lib/top.sh
. "$(dirname "$0")/lib/top.sh"

start_stuck killable
start_terminal
cli 7 enable --timeout 4 --reverse-on-timeout $STUCK.ko
cli 0 unload $STUCK
json 0 klp.history/v1 history --outcome reversed
start_top_with "--replay $(newest "['id']")"
shows "REPLAY of" "tasks to move" "the engine started it"
keys Space
shows "STOPPED"
keys 5
shows "cat" "killable" "was first found in the way"
photograph "replay"
keys Enter
shows "killable_read"
keys q 9 Right Right
shows "the last task was back where it came from"
keys x
shows "this is a recording"
quit_top
start_top_with "--replay 99"
shows "no transition 99 on record" "status=1"
end_stuck
