#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# The daemon handles each health check that no klp-controller watches: of a patch
# loaded by insmod, of an enable that did not wait, and of one that was killed.
# It leaves alone a gate that a klp-controller watches.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/history.sh
. "$(dirname "$0")/lib/history.sh"
# shellcheck source=tests/guest/lib/gate.sh
. "$(dirname "$0")/lib/gate.sh"
# shellcheck source=tests/guest/lib/daemon.sh
. "$(dirname "$0")/lib/daemon.sh"

P=klpx_demo_cmdline
VERDICT=/tmp/verdict

# Fails when the test tells it to.
cat >/tmp/probe <<'SCRIPT'
#!/bin/sh
exec cat /tmp/verdict
SCRIPT
chmod +x /tmp/probe

has_event() { [[ -n $(gate_event "$1") ]]; }
ill() { rm -f $VERDICT; }
well() { echo well >$VERDICT; }
who_wrote() {
  json 0 klp.history/v1 history
  jq -r --arg kind "$1" \
    '[.transitions[].events[] | select(.kind == $kind)][0].who' <<<"$OUT"
}

load_klpx
health_for 8s 'command = "/tmp/probe"'

note "loaded by insmod: passed"
well
start_daemon
load_patch $P
wait_for "verdict on $P" has_event gate-passed
[[ $(who_wrote gate-passed) == *"the daemon"* ]] ||
  fail "the verdict is by $(who_wrote gate-passed)"
expect_eq "enabled" 1 "$(attr $P enabled)"
cli 0 unload $P

note "enabled without waiting: unhealthy, and disabled"
ill
cli 0 enable --no-wait $P.ko
await_gone $P
gate_says gate-failing "command /tmp/probe: exit status 1"
cli 0 unload $P

note "its watcher is killed: the daemon continues"
well
start_workload klp-controller enable $P.ko
once_in $P
ill
stop_workload "$PID"
await_gone $P
cli 0 unload $P

note "watched by klp-controller: one verdict, by klp-controller"
well
cli 0 enable $P.ko
expect_says "enable" "healthy for 8s"
json 0 klp.history/v1 history -n 1
expect_eq "verdicts" 1 "$(jq '[.transitions[0].events[] |
  select(.kind | test("^gate-(passed|failed|skipped|expired)$"))] | length' \
  <<<"$OUT")"
cli 0 unload $P

end_daemon TERM
rm /etc/klpx/policy.toml
cli 0 unload klpx
