#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Rules decide who is signalled, and when: changed while a transition runs, by
# comm, cgroup and uid; a program that they name is never interrupted; mistakes
# change nothing; without a policy the engine's own timing counts again.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"

P=klpx_demo_eventfd
FILE=/tmp/policy.toml
CGROUP=/sys/fs/cgroup/klpx-policy
SOON='step = [{ after = "1s", push = "signal" }]'

rules() { cat >$FILE; }
apply() { cli 0 policy apply $FILE; }
attached() { echo "$(<$STATS/policy)"; }
asked_often() { (($(stat_of policy_asked) > $1 + 3)); }
left_often() { (($(stat_of policy_left) > $1 + 3)); }
signalled() { (($(stat_of signals) > $1)); }

# Only the reader is left.
blocked() {
  cli 0 enable --no-wait $P.ko
  only_pending $P 1
}

# back: disabled, whatever it takes.
back() {
  echo 1 >$SYS/$P/signal 2>/dev/null || true
  cli 0 unload $P
}

load_klpx
start_reader

note "a listed program is left alone, however long it takes"
rules <<<"[[rule]]
comm = \"eventfd-*\"
do = \"leave\""
apply
expect_eq "attached" klpx "$(attached)"
signals=$(stat_of signals)
blocked
wait_for "being left alone" left_often "$(stat_of policy_left)"
expect_eq "signals" "$signals" "$(stat_of signals)"
expect_eq "pending" 1 "$(attr $P pending)"

note "the rules change, the transition ends"
rules <<<"[[rule]]
comm = \"eventfd-*\"
$SOON"
apply
await $P
expect_eq "signals" $((signals + 1)) "$(stat_of signals)"

note "other rules for others: cgroup, uid, class, patch"
mkdir -p $CGROUP
echo "$READER_PID" >$CGROUP/cgroup.procs
rules <<<"[[rule]]
class = \"kthread\"
$SOON
[[rule]]
uid = \"1-65534\"
$SOON
[[rule]]
patch = \"other*\"
$SOON
[[rule]]
reason = \"exiting\"
$SOON
[[rule]]
cgroup = [\"/klpx-gone\", \"/klpx-policy\"]
do = \"leave\"
[default]
$SOON"
apply
expect_says "apply" "no cgroup /klpx-gone"
signals=$(stat_of signals)
left=$(stat_of policy_left)
start_disable $P
wait_for "being left alone" left_often "$left"
expect_eq "signals" "$signals" "$(stat_of signals)"
echo "$READER_PID" >/sys/fs/cgroup/cgroup.procs
await_gone $P
expect_eq "signals" $((signals + 1)) "$(stat_of signals)"
cli 0 unload $P

note "mistakes change nothing"
asked=$(stat_of policy_asked)
rules <<<"[[rule]]
comm = \"eventfd-*\"
after = \"1s\""
cli 2 policy apply $FILE
expect_says "apply" "$FILE:3: unknown key 'after'"
expect_says "apply" "$FILE:1: a rule needs either"
cli 2 policy check $FILE
cli 5 policy apply /tmp/no-such-file
expect_eq "attached" klpx "$(attached)"
expect_eq "asked while nothing is in transition" "$asked" \
  "$(stat_of policy_asked)"

note "reversed while a policy holds on"
rules <<<'[default]
do = "leave"'
apply
blocked
wait_for "rounds" asked_often "$(stat_of policy_asked)"
cli 0 reverse $P
expect_eq "pending-set entries" 0 "$(stat_of entries)"
cli 0 unload $P

note "what is attached is shown, and taken away"
json 0 klp.policy/v1 policy show $FILE
expect_eq "attached" klpx "$(json_get "['attached']")"
expect_eq "rules" default "$(json_get "['rules'][0]['name']")"
cli 0 policy unload
wait_for "no policy" test -z "$(attached)"
cli 0 policy unload
expect_says "unload" "none is attached"
signals=$(stat_of signals)
blocked
wait_for "a signal of the engine's own" signalled "$signals"
await $P
back
stop_reader
rmdir $CGROUP
cli 0 unload klpx
