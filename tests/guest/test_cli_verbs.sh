#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every verb of klp-controller: its effect, that doing it twice is no error, and
# its JSON.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"

P=klpx_demo_cmdline
W=klpx_test_waits
NAME="['patches'][0]['name']"

note "before anything is loaded"
for verb in list status blocking; do json 0 "klp.$verb/v1" $verb; done
json 0 klp.info/v1 info $P.ko
cli 0 check
cli 0 enable --dry-run $P.ko
is_loaded klpx && fail "--dry-run has loaded klpx.ko"

note "enable, by file; by name; again"
json 0 klp.action/v1 enable $P.ko
expect_eq "result" complete "$(json_get "['result']")"
expect_eq "/proc/cmdline" "this has been live patched" "$(</proc/cmdline)"
for name in $P.ko ./$P.ko $P klpx-demo-cmdline; do cli 0 enable "$name"; done
json 0 klp.action/v1 enable $P
expect_eq "result" unchanged "$(json_get "['result']")"
cli 0 load $P.ko

note "the verbs that show it"
json 0 klp.list/v1 list
expect_eq "list" $P "$(json_get "$NAME")"
json 0 klp.status/v1 status klpx-demo-cmdline
expect_eq "status" enabled "$(json_get "['patches'][0]['state']")"
json 0 klp.info/v1 info $P
cli 0 list
expect_says "list" $P

note "nothing to signal: no error"
for verb in signal force wait; do
  json 0 klp.action/v1 $verb $P
  expect_eq "$verb" unchanged "$(json_get "['result']")"
done

note "disable, again; enable the loaded module's file; unload, again"
for _ in 1 2; do cli 0 disable klpx-demo-cmdline; done
is_loaded $P || fail "disable has removed the module"
json 0 klp.action/v1 disable $P
cli 0 enable $P.ko
for verb in disable enable; do cli 0 $verb $P; done
expect_eq "/proc/cmdline" "this has been live patched" "$(</proc/cmdline)"
cp $P.ko other-name.ko
cli 0 unload ./other-name.ko
is_loaded $P && fail "unload by a file of another name has not unloaded it"
cli 0 enable other-name.ko
for _ in 1 2; do cli 0 unload $P.ko; done
is_loaded $P && fail "unload has not removed the module"
json 0 klp.action/v1 unload $P

note "a transition that does not complete: no-wait, timeout, reverse, wait, signal"
load_patch klpx_test_device
start_sleeper killable
cli 3 enable --timeout 1 $W.ko
cli 1 check
json 0 klp.status/v1 status
expect_eq "status" enabling "$(json_get "['patches'][0]['state']")"
json 0 klp.action/v1 signal $W --task "$SLEEPER"
cli 0 reverse
cli 0 unload $W
cli 7 enable --timeout 1 --reverse-on-timeout $W.ko
cli 0 unload $W
cli 0 enable --no-wait $W.ko
cli 3 wait --timeout 1
json 3 klp.error/v1 wait $W --timeout 1
echo 1 >/dev/klpx_killable
for _ in 1 2; do cli 0 wait $W; done
expect_eq "/proc/version" $W "$(</proc/version)"

note "force: refused without confirmation, and names the tasks"
start_workload cat /dev/klpx_killable
wait_for "sleeper to sleep" sleeps_in "$PID" wait_killable
cli 0 disable --no-wait $W
cli 2 force $W
expect_says "force" "$PID"
expect_says "force" --i-understand
expect_eq "transition" 1 "$(attr $W transition)"
cli 0 force $W --i-understand
expect_says "force" "$PID"
await_gone $W
cli 0 status
expect_says "status" "stay loaded (forced, or in use): $W"
[[ $OUT != *unload* ]] || fail "status suggests to unload what was forced"
cli 9 unload $W
echo "$W klpx" >/run/klpx-test-forced
echo 1 >/dev/klpx_killable
wait "$PID"
unload klpx_test_device
