#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The daemon: applies the policy to transitions that others have started, acts
# on its deadline, keeps history and snapshot, and reports to systemd and the
# journal.
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

P=klpx_demo_cmdline
W=klpx_test_waits
watchdogs() { (($(grep -c 'WATCHDOG=1' $TOLD) > $1 + 1)); }

listen_as_systemd
policy <<<'[default]
do = "leave"
[deadline]
after = "1h"
then = "reverse"'

note "it is ready, alive, and the only one"
echo "klpx:x:990:" >>/etc/group
NOTIFY_SOCKET=/tmp/notify.socket WATCHDOG_USEC=4000000 start_daemon
wait_for "READY=1" was_told $TOLD READY=1
wait_for "STATUS=" was_told $TOLD "STATUS=0 patches"
wait_for "two WATCHDOG=1" watchdogs 0
expect_eq "mode of the snapshot" "640 klpx" "$(stat -c '%a %G' $SNAPSHOT)"
expect_eq "schema" klp.snapshot.v1 "$(of_snapshot .schema)"
expect_eq "errors" '{}' "$(of_snapshot .errors)"
cli 6 daemon
expect_says "daemon" "process $DAEMON (daemon)"

note "insmod by hand: the policy applies, the snapshot shows the blockers"
load_klpx
load_patch klpx_test_device
start_sleeper killable
load_patch $W
only_pending $W 1
await_snapshot .status.in_transition $W
await_snapshot '.blocking.blockers[0].tid' "$SLEEPER"
expect_eq "attached policy" klpx "$(stat_of policy)"
await_snapshot '.blocking.blockers[0].stack | tostring | test("killable_read")' true
await_snapshot '.history.transitions[0].initiator.by' outside
expect_eq "list" $W "$(of_snapshot '.list.patches[0].name')"
wait_for "STATUS=" was_told $TOLD "1 patch, 1 in transition, 1 task blocking: $W"
ALIVE=$(grep -c 'WATCHDOG=1' $TOLD)
wait_for "WATCHDOG=1 in a transition" watchdogs "$ALIVE"

note "SIGHUP: a mistake changes nothing and is reported; a deadline applies at once"
policy <<<'[deadlines]'
kill -HUP "$DAEMON"
wait_for "the mistake in STATUS=" was_told $TOLD "$POLICY:1: unknown key"
wait_for "RELOADING=1" was_told $TOLD RELOADING=1
expect_eq "attached policy" klpx "$(stat_of policy)"
policy <<<'[deadline]
after = "2s"
then = "reverse"'
kill -HUP "$DAEMON"
await_gone $W
unload $W

note "everything is recorded, and was reported"
json 0 klp.history/v1 history --limit 1
wanted "['outcome']" reversed
wanted "['initiator']['by']" outside
wanted "['blocked'][0]['tid']" "$SLEEPER"
wanted "['events'][-1]['kind']" reverse
[[ $(newest "['events'][-1]['who']") == *"the daemon"* ]] || fail "who: $OUT"
wait_for "the end in the journal" was_told $LOG 'KLPX_OUTCOME=reversed'
was_told $LOG "KLPX_PATCH=$W" || fail "no KLPX_PATCH in $(<$LOG)"
was_told $LOG "MESSAGE_ID=" || fail "no MESSAGE_ID in $(<$LOG)"

note "enabled and disabled by sysfs: both are recorded"
enable_patch $P
disable_patch $P
await_snapshot '[.history.transitions[0:2][].direction] | tostring' \
  '["unpatching","patching"]'

note "SIGTERM: ends, leaves the policy in place, and blocks no unload"
echo 1 >/dev/klpx_killable
wait "$SLEEPER"
end_daemon TERM
expect_eq "exit code" 0 "$WORKLOAD_STATUS"
wait_for "STOPPING=1" was_told $TOLD STOPPING=1
expect_eq "attached policy" klpx "$(stat_of policy)"
start_daemon
await_snapshot '.status.engine.loaded' true
unload klpx_test_device
cli 0 unload klpx
await_snapshot '.status.engine.loaded' false
