#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: memory=4096 timeout=600
# 20,000 tasks in the way, and a daemon that shows them all, records some of
# them, and still acts.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/through.sh
. "$(dirname "$0")/lib/through.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/history.sh
. "$(dirname "$0")/lib/history.sh"
# shellcheck source=tests/guest/lib/daemon.sh
. "$(dirname "$0")/lib/daemon.sh"

THREADS=20000
[[ ! -e /sys/kernel/debug/kmemleak ]] || THREADS=2000
PAUSE=__x64_sys_pause
LIMIT='default = { do = "leave" }'

is_ready() { [[ $(<"$READY") == ready ]]; }
shows_all() { (($(grep -o '"tid":' $SNAPSHOT | grep -c .) >= THREADS)); }
written() { stat -c %Y%y $SNAPSHOT; }
written_again() { [[ $(written) != "$1" ]]; }

echo 65536 >/proc/sys/kernel/pid_max
echo 60000 >/proc/sys/kernel/threads-max
READY=$(mktemp)
start_workload "$WORKLOADS/sleepers" $THREADS >"$READY"
SLEEPERS=$PID
wait_for "$THREADS threads" is_ready
policy <<<"$LIMIT"
load_klpx
start_daemon

note "all of them are shown, again and again"
load_patch "$THROUGH" funcs=$PAUSE
wait_for "$THREADS blockers in the snapshot" shows_all
note "$(stat -c %s $SNAPSHOT) bytes"
BEFORE=$(written)
BEGUN=$SECONDS
wait_for "the next snapshot" written_again "$BEFORE"
note "the next one after $((SECONDS - BEGUN)) s"

note "it acts all the same"
policy <<<"$LIMIT
[deadline]
after = \"1s\"
then = \"reverse\""
kill -HUP "$DAEMON"
await_gone "$THROUGH"
json 0 klp.history/v1 history --limit 1
wanted "['outcome']" reversed
expect_eq "blockers kept" 256 "$(newest "['blocked'] | length")"
end_daemon TERM
unload "$THROUGH"
stop_workload "$SLEEPERS"
cli 0 unload klpx
