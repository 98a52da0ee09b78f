#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Which tasks block a transition of the kernel's own livepatch, without klpx.ko:
# asleep in a function, running, idle; in the map, with stacks; signal is
# refused, reverse and the policy's deadline work.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/history.sh
. "$(dirname "$0")/lib/history.sh"
# shellcheck source=tests/guest/lib/native.sh
. "$(dirname "$0")/lib/native.sh"

note "enabling: one task sleeps where no signal reaches it, one was stopped"
load_patch klpx_test_device
start_sleeper killable
KILLABLE=$SLEEPER
start_sleeper interruptible
kill -STOP "$SLEEPER"
cli 3 enable --timeout 5 $W.ko
says "still patching, "
only_blocks 1
json 0 klp.blocking/v1 blocking
expect_eq "reason" uninterruptible "$(blocker "$KILLABLE" reason)"
expect_eq "function" wait_for_completion_killable "$(blocker "$KILLABLE" function)"
expect_eq "target" patched "$(blocker "$KILLABLE" target)"
expect_eq "comm" cat "$(blocker "$KILLABLE" comm)"
expect_eq "pending" 1 "$(json_get "['pending']")"
expect_eq "signals" null "$(json_get "['blockers'][0]['signals']")"
[[ $(blocker "$KILLABLE" stack) == *killable_read* ]] || fail "stack: $OUT"
SINCE=$(blocker "$KILLABLE" since_ns)
(($(blocker "$KILLABLE" age_ms) > 1000)) || fail "age: $OUT"
json 0 klp.blocking/v1 blocking
expect_eq "since, at the next look" "$SINCE" "$(blocker "$KILLABLE" since_ns)"
expect_eq "reason in the map" KLPX_UNINTERRUPTIBLE "$(in_map "$KILLABLE" reason)"
expect_eq "engine in the map" 1 "$(in_map "$KILLABLE" engine)"
cli 0 blocking -v
says "1 task left" "killable_read" "a signal will not help"
cli 0 status
says "1 uninterruptible"

note "from another PID namespace, no claim that no task blocks"
AS=(unshare --pid --fork --mount-proc)
cli 21 blocking
says "PID namespace of its own"
cli 0 status
says "unknown: klp-controller runs in a PID namespace"
AS=()

note "what the engine cannot do, with an alternative"
cli 6 signal $W
says "signals every task that blocks by itself"
cli 6 force $W --task "$KILLABLE"
says "leave --task out"

note "reversed; the map is empty afterwards"
cli 0 reverse
is_gone $W || fail "$W is still there"
json 0 klp.history/v1 history --patch $W
wanted "['outcome']" reversed
wanted "['reversals']" 1
wanted "['blocked'][0]['tid']" "$KILLABLE"
expect_eq "in the map" "" "$(in_map "$KILLABLE" reason)"
cli 0 unload $W

note "a deadline of the policy"
mkdir -p /etc/klpx
printf '[deadline]\nafter = "3s"\nthen = "reverse"\n' >/etc/klpx/policy.toml
cli 7 enable $W.ko
says "not complete after 3s, reversed"
rm /etc/klpx/policy.toml
cli 0 unload $W
kill -CONT "$SLEEPER"
for how in killable interruptible; do echo 1 >/dev/klpx_$how; done
wait "$KILLABLE" "$SLEEPER"

note "disabling: asleep in the new function; and a CPU that never idles"
cli 0 enable $W.ko
start_workload cat /dev/klpx_killable
KILLABLE=$PID
wait_for "the sleeper" sleeps_in "$KILLABLE" killable_read
cli 0 disable --no-wait $W
blocks "$KILLABLE" reason uninterruptible
blocks "$KILLABLE" target unpatched
expect_eq "function" wait_for_completion_killable "$(blocker "$KILLABLE" function)"
echo 1 >/dev/klpx_killable
wait "$KILLABLE"
cli 0 wait $W
cli 0 unload $W
unload klpx_test_device
tidy
