#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A reversal that is itself held up: the daemon reports it in every place that
# shows its state, does not reverse it again, and it completes when its blocker
# leaves.
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
listen_as_systemd
policy <<<'[default]
do = "leave"
[deadline]
after = "6s"
then = "reverse"'
NOTIFY_SOCKET=/tmp/notify.socket start_daemon

load_klpx
load_patch klpx_test_device
start_sleeper killable
OLD=$SLEEPER
cli 0 enable --no-wait $W.ko
only_pending $W 1
start_sleeper killable # in the new function: blocks the reversal
NEW=$SLEEPER
is_reversed() { [[ $(attr $W target) == unpatched ]]; }
wait_for "the deadline" is_reversed
only_pending $W 1
expect_eq "held up, at once" false "$(of_snapshot .daemon.reversal_stalled)"

await_snapshot .daemon.reversal_stalled true
wait_for "STATUS=" was_told $TOLD "the reversal is held up"
wait_for "the journal" was_told $LOG "the reversal itself is held up, 1 task left"
expect_eq "target" unpatched "$(attr $W target)"
json 0 klp.blocking/v1 blocking
expect_eq "the blocker" "$NEW" "$(json_get "['blockers'][0]['tid']")"

note "the next daemon reports it too, and does not reverse it either"
end_daemon KILL
NOTIFY_SOCKET=/tmp/notify.socket start_daemon
pause 3
expect_eq "target" unpatched "$(attr $W target)"

echo 1 >/dev/klpx_killable
echo 1 >/dev/klpx_killable
wait "$OLD" "$NEW"
await_gone $W
await_snapshot .daemon.reversal_stalled false
json 0 klp.history/v1 history --limit 1
wanted "['outcome']" reversed
wanted "['reversals']" 1
cli 0 explain "$(newest "['id']")"
expect_says "explain" "$NEW"
unload $W
end_daemon TERM
unload klpx_test_device
cli 0 unload klpx
