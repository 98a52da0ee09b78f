#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: long=1
# Controllers that are killed at any instant, and two at once: every transition
# of the engine is recorded once, with its end.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/history.sh
. "$(dirname "$0")/lib/history.sh"

P=klpx_demo_cmdline
W=klpx_test_waits
ROUNDS=12

# Every transition of the engine is recorded, and none twice.
expect_all_recorded() {
  json 0 klp.history/v1 history
  expect_eq "transitions on record $1" "$(stat_of transitions)" "$(count)"
  expect_eq "different starts $1" "$(count)" "$(python3 -c 'import json, sys
print(len({t["started_ns"] for t in json.load(sys.stdin)["transitions"]}))' <<<"$OUT")"
}

# copy_stopped PID N: copies the files as they are at this instant.
copy_stopped() {
  kill -STOP "$1" 2>/dev/null || return 0
  mkdir "$COPIES/$2"
  cp $HISTORY* "$COPIES/$2/" 2>/dev/null || true
  kill -CONT "$1"
}

COPIES=$(mktemp -d)
load_klpx
load_patch klpx_test_device

note "killed in mid-transition; the next command says how it ended"
start_sleeper killable
start_workload klp-controller enable -q $W.ko
wait_for "the transition" test -d $SYS/$W
only_pending $W 1
stop_workload "$PID" KILL
json 0 klp.history/v1 history
wanted "['outcome']" running
wanted "['initiator']['user']" root
wanted "['initiator']['verb']" enable
echo 1 >/dev/klpx_killable
await $W
json 0 klp.history/v1 history
wanted "['outcome']" completed
expect_eq "started_ns" "$(tail -n 1 $STATS/recent | cut -d' ' -f1)" \
  "$(newest "['started_ns']")"
cli 0 unload $W

note "killed at $ROUNDS instants"
for ((i = 0; i < ROUNDS; i++)); do
  start_workload klp-controller enable -q $P.ko
  sleep "0.$((i * 6 + 5))"
  copy_stopped "$PID" "$i"
  stop_workload "$PID" KILL
  start_workload klp-controller unload -q $P
  sleep "0.$((i * 4 + 5))"
  stop_workload "$PID" KILL
  wait_for "settled" klp-controller check -q
  cli 0 unload $P
done
expect_all_recorded "after the killing"

note "what was on the disk at those instants can be read"
for copy in "$COPIES"/*/; do
  [[ ! -e $copy/history.db ]] || json 0 klp.history/v1 history --file "$copy/history.db"
done

note "two controllers at once"
for ((i = 0; i < 4; i++)); do
  klp-controller enable -q $P.ko 2>/dev/null & A=$!
  klp-controller enable -q $P.ko 2>/dev/null & B=$!
  wait $A || true
  wait $B || true
  klp-controller unload -q $P 2>/dev/null & A=$!
  klp-controller disable -q $P 2>/dev/null & B=$!
  wait $A || true
  wait $B || true
  cli 0 unload $P
done
expect_all_recorded "after two at once"
unload klpx_test_device
cli 0 unload klpx
