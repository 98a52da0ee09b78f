#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Rules decide which tasks are signalled, and when: by comm, cgroup and uid.
# They are changed while a transition runs; a program that they name is never
# interrupted.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/policy.sh
. "$(dirname "$0")/lib/policy.sh"

CGROUP=/sys/fs/cgroup/klpx-policy
SOON='step = [{ after = "1s", push = "signal" }]'

left_often() { (($(stat_of policy_left) > $1 + 3)); }

load_klpx
start_reader

note "a listed program is left alone, however long it takes"
rules <<<"[[rule]]
comm = \"eventfd-*\"
do = \"leave\""
apply
expect_eq "attached" klpx "$(stat_of policy)"
signals=$(stat_of signals)
blocked
wait_for "being left alone" left_often "$(stat_of policy_left)"
expect_eq "signals" "$signals" "$(stat_of signals)"
expect_eq "pending" 1 "$(attr $P pending)"

note "the rules change, the transition completes"
rules <<<"[[rule]]
comm = \"eventfd-*\"
$SOON"
apply
await $P
expect_eq "signals" $((signals + 1)) "$(stat_of signals)"

note "rules by cgroup, uid, class, patch"
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

stop_reader
rmdir $CGROUP
cli 0 unload klpx
