#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The daemon and transitions of the kernel's own livepatch, which it has to find
# by itself: shown, reported, recorded, reversed at the deadline, also by a
# daemon started in the middle; and beside a transition of klpx, each
# separately.
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
# shellcheck source=tests/guest/lib/native.sh
. "$(dirname "$0")/lib/native.sh"

E=klpx_demo_eventfd

# deadline AFTER: for a transition of any engine; no task is signalled.
deadline() {
  printf '[default]\ndo = "leave"\n[deadline]\nafter = "%s"\nthen = "reverse"\n' "$1" |
    policy
}
reload() { kill -HUP "$DAEMON"; }

listen_as_systemd
export NOTIFY_SOCKET=/tmp/notify.socket
deadline 1h
start_daemon
load_patch klpx_test_device
start_sleeper killable

note "insmod by hand, no klpx.ko: shown with its blocker and stack, and reported"
load_patch $W
await_snapshot .status.in_transition $W
await_snapshot '.blocking.blockers[0].tid' "$SLEEPER"
await_snapshot '.blocking.blockers[0].stack | tostring | test("killable_read")' true
expect_eq "pending" 1 "$(of_snapshot '.status.patches[0].pending')"
expect_eq "the kernel's engine" true "$(of_snapshot .status.kernel_engine.available)"
expect_eq "klpx.ko" false "$(of_snapshot .status.engine.loaded)"
expect_eq "errors" '{}' "$(of_snapshot .errors)"
wait_for "STATUS=" was_told $TOLD "1 patch, 1 in transition, 1 task blocking: $W"
wait_for "the start in the journal" was_told $LOG "$W: patching started"
was_told $LOG "KLPX_ENGINE=kernel" || fail "no KLPX_ENGINE in $(<$LOG)"

note "a daemon that was killed and restarted counts from the transition's start"
end_daemon KILL
pause 2
start_daemon
await_snapshot .status.in_transition $W
wait_for "that it was found" was_told $LOG "$W: patching was already in progress"
deadline 3s
reload
await_gone $W
wait_for "the end in the journal" was_told $LOG "KLPX_OUTCOME=reversed"
json 0 klp.history/v1 history --patch $W
wanted "['initiator']['by']" outside
wanted "['outcome']" reversed
wanted "['reversals']" 1
wanted "['blocked'][0]['tid']" "$SLEEPER"
wanted "['events'][0]['kind']" reverse
expect_eq "records" 1 "$(json_get "['transitions'] | length")"
[[ $(newest "['events'][0]['who']") == *"the daemon"* ]] || fail "who: $OUT"
unload $W

note "both engines at once: each has its own deadline, record and line"
deadline 1h
reload
load_klpx
start_reader
cli 0 enable --no-wait $E.ko
load_patch $W
await_snapshot '.status.transitions | length' 2
await_snapshot "[.blocking.blockers[] | select(.tid == $READER_TID).patch][0]" $E
await_snapshot "[.blocking.blockers[] | select(.tid == $SLEEPER).patch][0]" $W
wait_for "STATUS=" was_told $TOLD "2 in transition, 1 task blocking: $E"
deadline 1s
reload
await_gone $W
wait_for "the other one" test ! -e /sys/kernel/klpx/$E
for end in "$W $SLEEPER" "$E $READER_TID"; do
  read -r patch task <<<"$end"
  wait_for "the end of $patch" was_told $LOG "$patch: unpatching complete (reversed)"
  json 0 klp.history/v1 history --patch "$patch" --limit 1
  wanted "['outcome']" reversed
  wanted "['blocked'][0]['tid']" "$task"
done
unload $W
unload $E
stop_reader
echo 1 >/dev/klpx_killable
wait "$SLEEPER"
end_daemon TERM
unload klpx_test_device
tidy
