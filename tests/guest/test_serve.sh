#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# serve with a stuck transition: the API returns what the verbs print; no right
# is left; events report changes.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/serve.sh
. "$(dirname "$0")/lib/serve.sh"

P=klpx_test_waits
add_group

note "without a snapshot: the server runs, and says so"
start_serve --unix /tmp/serve.sock --listen 127.0.0.1:14917
health_is missing || fail "healthz: $(probe get $SERVE_URL/healthz)"
expect_eq "status of healthz" 503 "$(status_of /healthz)"
expect_eq "status of the page" 200 "$(status_of /)"

note "no rights: not root, no capability, and none to be had"
expect_eq "uids" "65534 65534 65534 65534" \
  "$(awk '/^Uid:/ { print $2, $3, $4, $5 }' /proc/$SERVE_PID/status)"
for set in CapInh CapPrm CapEff CapAmb; do
  expect_eq $set 0000000000000000 "$(awk "/^$set:/ { print \$2 }" /proc/$SERVE_PID/status)"
done
expect_eq NoNewPrivs 1 "$(awk '/^NoNewPrivs:/ { print $2 }' /proc/$SERVE_PID/status)"

note "a stuck transition, as the verbs show it"

load_klpx
load_patch klpx_test_device
start_sleeper killable
cli 3 enable --timeout 2 $P.ko
wait_for "the snapshot to be seen" is_seen
ask /api/v1/status
expect_eq "schema" klp.status/v1 "$(json_get "['schema']")"
expect_eq "in transition" $P "$(json_get "['in_transition']")"
ask "/api/v1/blocking?q=$SLEEPER&limit=5"
expect_eq "matched" 1 "$(json_get "['matched']")"
expect_eq "blocker" "$SLEEPER" "$(json_get "['blockers'][0]['tid']")"
[[ $(json_get "['blockers'][0]['stack']") == *killable_read* ]] || fail "no stack: $OUT"
ask /api/v1/history
expect_eq "outcome" running "$(json_get "['transitions'][0]['outcome']")"
ask "/api/v1/history/$(json_get "['transitions'][0]['id']")"
expect_eq "patch" $P "$(json_get "['transitions'][0]['patch']")"
ask /api/v1/snapshot
expect_eq "whole" "$(jq -c . $SNAPSHOT)" "$(jq -c . <<<"$OUT")"

note "events: the chart, the state, a new state; resumed without repeating"
write_snapshot
probe events $SERVE_URL/api/v1/events 2 >/tmp/events
grep -q '^event: series$' /tmp/events || fail "no series: $(</tmp/events)"
STATE=$(grep '^data: .*klp.event/v1' /tmp/events | cut -d' ' -f2-)
expect_eq "event: reason" uninterruptible "$(jq -r '.blocking.reasons[0].name' <<<"$STATE")"
jq -e '.blocking.stacks | .. | .name? | select(. != null and startswith("killable_read"))' \
  <<<"$STATE" >/dev/null || fail "no flame: $STATE"
# A client that has missed something is sent the chart again. The view may
# change meanwhile (the snapshot ages, the history is read), but not each time.
for _ in 1 2 3 4 5; do
  ID=$(probe events $SERVE_URL/api/v1/events 2 | sed -n 's/^id: //p')
  probe events $SERVE_URL/api/v1/events 1 "$ID" >/tmp/resumed 2>/tmp/connected &
  wait_for "the stream to begin" test -s /tmp/connected
  write_snapshot
  wait $!
  [[ $(</tmp/resumed) == "event: series"* ]] || break
  rm /tmp/connected
done
[[ $(</tmp/resumed) == "id: "*"event: state"* ]] || fail "resumed: $(</tmp/resumed)"
! grep -qx "id: $ID" /tmp/resumed || fail "the same event twice"

stop_serve TERM
write_attr $P enabled 0
stop_workload "$SLEEPER"
await_gone $P
unload $P
unload klpx_test_device
cli 0 unload klpx
