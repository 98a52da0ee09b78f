#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# The controller is killed while the health check watches: the next one goes on
# with it, whatever the first had come to.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/history.sh
. "$(dirname "$0")/lib/history.sh"
# shellcheck source=tests/guest/lib/gate.sh
. "$(dirname "$0")/lib/gate.sh"

P=klpx_demo_cmdline
DB=/var/lib/klpx/history.db

# killed_enable: the patch is in, and nobody watches.
killed_enable() {
  klp-controller enable $P.ko &
  local pid=$!
  once_in $P
  wait_for "the gate to begin" "${@:-true}"
  kill -KILL $pid
  wait $pid || true
  is_in $P || fail "$P went with the controller"
}

note "killed; the next one finishes the gate"
health_for 15s
killed_enable
expect_eq "no verdict" "" "$(gate_event gate-passed)"
cli 0 wait $P
expect_says "wait" "healthy for"
gate_says gate-passed "healthy for 15s"
cli 0 unload $P

note "killed in a probe that hangs: the probe dies too, the next one decides"
printf '%s\n' '#!/bin/sh' 'exec sleep 4712' >/tmp/hangs
chmod +x /tmp/hangs
health_for 40s 'command = "/tmp/hangs"' 'limit = "10s"'
killed_enable pgrep -f 'sleep 4712'
wait_for "the probe to die" bash -c '! pgrep -f "sleep 471[2]" >/dev/null'
cli 7 wait
expect_says "wait" "command /tmp/hangs: still running after 10s, killed"
await_gone $P
cli 0 unload $P

note "killed between the decision and the deed"
health_for 40s
killed_enable
python3 - <<PYTHON
import sqlite3
with sqlite3.connect("$DB") as db:
    db.execute("INSERT INTO event SELECT max(id), 1, 'gate-failing', 'as decided', 'root' FROM transition")
PYTHON
cli 7 enable $P.ko
expect_says "enable" "health check failed: as decided"
await_gone $P
cli 0 unload $P

note "nobody came in time: said, and left alone"
health 'limit = "1s"'
cli 0 enable --no-wait $P.ko
await $P
pause 6
cli 0 wait $P
is_in $P || fail "$P is not enabled"
gate_says gate-expired "no controller was running"
cli 0 unload $P
cli 0 unload klpx
rm /etc/klpx/policy.toml
