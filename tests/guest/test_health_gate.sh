#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# The health check: a patch stays if the machine is well, and is taken out again,
# with the reason in the history, if the kernel complains, a command fails or
# hangs, or a server does.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/history.sh
. "$(dirname "$0")/lib/history.sh"
# shellcheck source=tests/guest/lib/gate.sh
. "$(dirname "$0")/lib/gate.sh"

P=klpx_demo_cmdline

note "well: kernel log, command and server"
answer "204 No Content"
health 'command = "/bin/sh -c true"' "http = \"http://127.0.0.1:$PORT/health\""
cli 0 enable $P.ko
expect_says "enable" "healthy for 2s"
expect_eq "enabled" 1 "$(attr $P enabled)"
gate_says gate-passed "healthy for 2s"
cli 0 enable $P.ko # the gate is decided: there is no second one
says_not "healthy for"
cli 0 unload $P
end_answer

note "what user space writes into the log is not believed; status shows the gate"
gate_is_shown() { klp-controller status | grep -q "$P: its health check is open"; }
health_for 8s
(once_in $P && echo '------------[ cut here ]------------' >/dev/kmsg &&
  wait_for "the gate in status" gate_is_shown) &
cli 0 enable $P.ko
wait $!
cli 0 unload $P

note "nor a line of the kernel's that begins with the name of a process"
fake_bug() {
  setpriv --reuid 65534 --regid 65534 --clear-groups python3 -c \
    'import ctypes as c; c.CDLL(None).prctl(15, b"BUG: fake"); c.memset(8, 0, 1)'
}
fake_is_logged() { dmesg | grep -q 'BUG: fake\[[0-9]*\]: segfault'; }
health_for 8s
(once_in $P && { fake_bug || wait_for "its line in the log" fake_is_logged; }) &
cli 0 enable $P.ko
wait $!
cli 0 unload $P

note "the kernel complains"
health_for 60s
(once_in $P && insmod klpx_test_complains.ko) &
fails_for $P "kernel log: klpx_test_complains: as asked"
wait $!
rmmod klpx_test_complains

note "what it said before the patch was in does not count"
health
insmod klpx_test_complains.ko
cli 0 enable $P.ko
cli 0 unload $P
rmmod klpx_test_complains

cat >/tmp/bad <<'SCRIPT'
#!/bin/sh
echo "$KLPX_PATCH: no"
exit 3
SCRIPT
printf '%s\n' '#!/bin/sh' 'echo before; sleep 4711 & sleep 4711' >/tmp/hangs
chmod +x /tmp/bad /tmp/hangs
health 'command = "/tmp/bad"'
fails_for $P "command /tmp/bad: exit status 3; output: $P: no"
health 'command = "/tmp/hangs"' 'limit = "1s"'
fails_for $P "command /tmp/hangs: still running after 1s, killed; output: before"
expect_eq "what the command started" "" "$(pgrep -f 'sleep 4711' || true)"
health 'command = "/tmp/absent"'
fails_for $P "command: run /tmp/absent"

health "http = \"http://127.0.0.1:$PORT/health\"" 'limit = "1s"'
fails_for $P "http http://127.0.0.1:$PORT/health: connect"
answer "500 Oh"
fails_for $P "http http://127.0.0.1:$PORT/health: status 500"
end_answer
answer hang
fails_for $P "http http://127.0.0.1:$PORT/health: no answer after 1s"
end_answer

note "--no-gate, and the story"
cli 0 enable --no-gate $P.ko
expect_eq "enabled" 1 "$(attr $P enabled)"
gate_says gate-skipped "--no-gate was given"
cli 0 unload $P
json 0 klp.history/v1 history
ID=$(jq '[.transitions[] | select(.events[].kind == "gate-failed")][0].id' <<<"$OUT")
cli 0 explain "$ID"
says "the health check failed: http" "disables it again"
cli 0 unload klpx
rm /etc/klpx/policy.toml
