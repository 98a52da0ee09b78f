#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A transition has one owner at a time; an action by hand takes effect at once.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/history.sh
. "$(dirname "$0")/lib/history.sh"
# shellcheck source=tests/guest/lib/daemon.sh
. "$(dirname "$0")/lib/daemon.sh"

W=klpx_test_waits

# deadline AFTER THEN
deadline() {
  policy <<<"[default]
do = \"leave\"
[deadline]
after = \"$1\"
then = \"$2\"
force = [\"klpx_test_w*\"]"
}
start_first() {
  start_workload klp-controller enable -q --timeout 10m $W.ko
  FIRST=$PID
  wait_for "the transition" test -d $SYS/$W
  only_pending $W 1
}
recorded() {
  json 0 klp.history/v1 history --limit 1
  [[ $(newest "['outcome']") == "$1" ]]
}
load_klpx
load_patch klpx_test_device
start_sleeper killable
deadline 1s reverse
start_daemon

note "two CLIs: the second watches, and does not reverse"
start_first
wait_for "an owner" grep -q "process $FIRST (enable)" /run/klpx/owner.lock
cli 3 wait --timeout 2 --reverse-on-timeout $W
expect_says "wait" "NOT reversed: process $FIRST (enable) is in charge"

note "so does the daemon, whose deadline has passed; it still records"
(($(attr $W elapsed_ms) > 2000)) || fail "elapsed_ms: $(attr $W elapsed_ms)"
expect_eq "enabled" 1 "$(attr $W enabled)"
await_snapshot '.blocking.blockers[0].tid' "$SLEEPER"

note "the owner is killed: the daemon acts"
stop_workload "$FIRST" KILL
await_gone $W
cli 0 unload $W
wait_for "reversed on record" recorded reversed
wanted "['reversals']" 1
[[ $(newest "['events'][-1]['who']") == *"the daemon"* ]] || fail "$OUT"

note "the owner leaves, or no process waited at all: the same"
cli 3 enable --timeout 2 $W.ko
await_gone $W
cli 0 unload $W
cli 0 enable --no-wait $W.ko
await_gone $W
cli 0 unload $W

note "an action by hand wins over owner and daemon, and is not reversed"
start_first
cli 0 reverse $W
wait "$FIRST" || STATUS=$?
expect_eq "exit code of the owner" 7 "$STATUS"
await_gone $W
json 0 klp.history/v1 history --limit 1
wanted "['reversals']" 1
cli 0 unload $W

note "force: not without the operator's permission"
deadline 1s force
kill -HUP "$DAEMON"
cli 0 enable --no-wait $W.ko
pause 4
expect_eq "transition" 1 "$(attr $W transition)"
cli 0 reverse $W
cli 0 unload $W

note "with it, although the operator's process has left"
cli 0 enable --no-wait --allow-force $W.ko
await $W
wait_for "forced on record" recorded forced
wanted "['forces'][0]['tid']" "$SLEEPER"
wanted "['forces'][0]['done']" true
[[ $(newest "['events']") == *allow-force* ]] || fail "$OUT"

stop_workload "$SLEEPER"
end_daemon TERM
cli 0 unload $W
unload klpx_test_device
cli 0 unload klpx
