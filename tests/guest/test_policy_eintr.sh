#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A program that exits on an interrupted system call: the fake signal ends it; a
# policy that names it protects it, also from 'signal' by hand.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"

W=klpx_test_waits
POLICY=/etc/klpx/policy.toml
mkdir -p /etc/klpx

start_program() {
  start_workload "$WORKLOADS/eintr_sensitive" /dev/klpx_eintr
  PROGRAM=$PID
  wait_for "the program to sleep" sleeps_in "$PROGRAM" eintr_read
}

# program_ends STATUS
program_ends() {
  local status=0
  wait "$PROGRAM" || status=$?
  expect_eq "exit status of the program" "$1" "$status"
}

left_often() { (($(stat_of policy_left) > $1 + 3)); }

load_klpx
load_patch klpx_test_device

note "control: a policy that soon signals every task ends it"
cat >$POLICY <<'RULES'
[default]
step = [{ after = "1s", push = "signal" }]
RULES
start_program
cli 0 enable $W.ko
program_ends 1
cli 0 unload $W

note "named: it is left alone and reported, however long it takes"
cat >$POLICY <<'RULES'
[[rule]]
name = "fragile"
comm = "eintr_sensitive"
do = "leave"
[default]
step = [{ after = "1s", push = "signal" }]
RULES
cli 0 policy apply
start_program
start_sleeper interruptible
cli 0 enable --no-wait $W.ko
only_pending $W 1
wait_for "being left alone" left_often "$(stat_of policy_left)"
json 0 klp.blocking/v1 blocking
expect_eq "the blocker" "$PROGRAM" "$(json_get "['blockers'][0]['tid']")"
expect_eq "its signals" 0 "$(json_get "['blockers'][0]['signals']")"

note "'signal' by hand exempts it too, and says so"
cli 0 signal $W
expect_says "signal" "the policy exempts eintr_sensitive/$PROGRAM (fragile)"
expect_eq "pending" 1 "$(attr $W pending)"
echo 1 >/dev/klpx_eintr
program_ends 0
await $W
stop_workload "$SLEEPER"
cli 0 unload $W

note "but not if the thread is named"
start_program
cli 0 enable --no-wait $W.ko
only_pending $W 1
cli 0 signal $W --task "$PROGRAM"
program_ends 1
await $W
cli 0 unload $W
unload klpx_test_device
cli 0 unload klpx
