#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: systemd=1 timeout=900
# The units under systemd: the daemon does its whole work in its sandbox, is
# restarted when it is killed or hangs, and reports to the journal; stopping it
# changes nothing. The web page has a sandbox of its own.
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
# shellcheck source=tests/guest/lib/serve.sh
. "$(dirname "$0")/lib/serve.sh"
# shellcheck source=tests/guest/lib/systemd.sh
. "$(dirname "$0")/lib/systemd.sh"

P=klpx_demo_cmdline
W=klpx_test_waits

note "started at boot: ready, with nothing to do"
await_unit klpx-daemon ActiveState active
await_unit klpx-daemon NotifyAccess main
wait_for "STATUS=" unit_says klpx-daemon StatusText "0 patches"
expect_eq "mode of the snapshot" "640 klpx" "$(stat -c '%a %G' $SNAPSHOT)"

note "from the sandbox: rules into the kernel, blockers with stacks, history"
policy <<<'[default]
do = "leave"
[deadline]
after = "1h"
then = "reverse"'
systemctl reload klpx-daemon
insmod klpx_test_device.ko
start_sleeper killable
cli 0 enable --no-wait $P.ko
cli 0 wait $P
cli 0 enable --no-wait $W.ko
only_pending $W 1
await_snapshot .status.in_transition $W
await_snapshot '.blocking.blockers[0].stack | tostring | test("killable_read")' true
expect_eq "attached policy" klpx "$(stat_of policy)"
wait_for "STATUS=" unit_says klpx-daemon StatusText "1 in transition, 1 task blocking: $W"

note "killed, and hung: it is restarted and continues"
was=$(main_pid)
kill -KILL "$was"
goes_on "$was" $W
WATCHDOG=15
! is_slow || WATCHDOG=60
mkdir -p /run/systemd/system/klpx-daemon.service.d
printf '[Service]\nWatchdogSec=%s\nTimeoutAbortSec=5\n' $WATCHDOG \
  >/run/systemd/system/klpx-daemon.service.d/watchdog.conf
systemctl daemon-reload
systemctl restart klpx-daemon
was=$(main_pid)
await_snapshot .daemon.pid "$was"
kill -STOP "$was"
goes_on "$was" $W
expect_eq "attached policy" klpx "$(stat_of policy)"

note "its deadline, and its entries in the journal"
policy <<<'[deadline]
after = "2s"
then = "reverse"'
systemctl reload klpx-daemon
await_gone $W
wait_for "the end in the journal" told KLPX_PATCH=$W KLPX_OUTCOME=reversed
told MESSAGE_ID=aba2630f24584440801095d4f12f274a KLPX_PATCH=$W ||
  fail "no such MESSAGE_ID: $(journalctl -u klpx-daemon -o verbose -n 20)"
[[ $(journalctl -x -u klpx-daemon) == *"The klpx daemon has started"* ]] ||
  fail "no catalogue"
unload $W
echo 1 >/dev/klpx_killable
unload klpx_test_device

note "the web page, in an even stricter sandbox"
systemctl start klpx-web.socket
expect_eq "the socket" "root klpx 660" "$(stat -c '%U %G %a' /run/klpx/web.sock)"
wait_for "the page, by the socket" answers_at_socket /
await_unit klpx-web ActiveState active
wait_for "a fresh snapshot" answers_at_socket /healthz
OUT=$(at_socket /api/v1/list | sed '1,/^\r$/d')
expect_eq "patch" $P "$(json_get "['patches'][0]['name']")"
! answers / || fail "it is on TCP, where every account can read it"
systemctl stop klpx-web klpx-web.socket
systemctl start klpx-web
wait_for "the page, by the service" answers_at_socket /

note "stopped: nothing changes"
systemctl stop klpx-daemon
await_unit klpx-daemon ActiveState inactive
await_unit klpx-daemon Result success
expect_eq "$P" "this has been live patched" "$(</proc/cmdline)"
cli 0 unload $P
cli 0 unload klpx
