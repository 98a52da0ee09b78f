#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# klp-controller top in windows of several sizes, stopped, continued, killed,
# and without root: the transition does not mind, and the terminal comes back.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/top.sh
. "$(dirname "$0")/lib/top.sh"

start_stuck interruptible interruptible killable
cli 0 enable --no-wait $STUCK.ko
start_terminal
start_top
shows "in the way: 2 on-function"

note "other windows, and no window at all"
resize 40 10
shows "AGE"
hides "what happened lately"
photograph "40 columns"
resize 200 50
shows "CGROUP"
resize 80 24
hides "CGROUP"
keys C-z
shows "Stopped"
keys "fg" Enter
shows "in the way:"
hides "Stopped"

note "killed: the transition does not mind; stopped by SIGTERM: the terminal is back"
pkill -KILL -x klp-controller
shows "status=137"
only_pending $STUCK 3
keys "stty sane" Enter
start_top
shows "in the way:"
pkill -TERM -x klp-controller
shows "status=0"
only_pending $STUCK 3

start_top
shows "in the way:"
pkill -SEGV -x klp-controller
shows "status=139"
hides "in the way:"
only_pending $STUCK 3

note "without root: the patch, and what is missing"
keys "clear; setpriv --reuid 65534 --clear-groups klp-controller top" Enter
shows "$STUCK: patching, 3 of" "needs root"
keys R y
shows "reverse needs root"
keys q
hides "every 1s"
end_stuck
