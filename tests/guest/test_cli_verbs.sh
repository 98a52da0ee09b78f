#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every verb of klp-controller: what it does, that doing it twice is no error,
# and its JSON.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"

P=klpx_demo_cmdline
E=klpx_demo_eventfd
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

note "what shows it"
json 0 klp.list/v1 list
expect_eq "list" $P "$(json_get "$NAME")"
json 0 klp.status/v1 status klpx-demo-cmdline
expect_eq "status" enabled "$(json_get "['patches'][0]['state']")"
json 0 klp.info/v1 info $P
cli 0 list
expect_says "list" $P

note "nothing to push: no error"
for verb in signal force wait; do
  json 0 klp.action/v1 $verb $P
  expect_eq "$verb" unchanged "$(json_get "['result']")"
done

note "disable, again; enable the loaded module's file; unload, again"
for _ in 1 2; do cli 0 disable klpx-demo-cmdline; done
is_loaded $P || fail "disable has removed the module"
json 0 klp.action/v1 disable $P
cli 0 enable $P.ko
expect_eq "/proc/cmdline" "this has been live patched" "$(</proc/cmdline)"
for _ in 1 2; do cli 0 unload $P.ko; done
is_loaded $P && fail "unload has not removed the module"
json 0 klp.action/v1 unload $P

note "a transition that does not end: no-wait, timeout, reverse, wait, signal"
start_reader
cli 3 enable --timeout 1 $E.ko
cli 1 check
json 0 klp.status/v1 status
expect_eq "status" enabling "$(json_get "['patches'][0]['state']")"
cli 0 reverse
is_gone $E || expect_eq "reversed" 0 "$(attr $E enabled)"
cli 0 unload $E
cli 7 enable --timeout 1 --reverse-on-timeout $E.ko
cli 0 unload $E
cli 0 enable --no-wait $E.ko
cli 3 wait --timeout 1
json 3 klp.error/v1 wait $E --timeout 1
json 0 klp.action/v1 signal $E --task "$READER_TID"
for _ in 1 2; do cli 0 wait $E; done
give_reader 2
expect_eq "new side" "read 1" "$(next_read)"
expect_eq "new side" "read 1" "$(next_read)"

note "force: refused without confirmation, and names whom it forces"
wait_for "reader to sleep" sleeps_in "$READER_TID" demo_eventfd_read
cli 0 disable --no-wait $E
cli 2 force $E
expect_says "force" "$READER_TID"
expect_says "force" --i-understand
expect_eq "transition" 1 "$(attr $E transition)"
cli 0 force $E --i-understand
expect_says "force" eventfd-reader
await_gone $E
cli 9 unload $E
echo "$E klpx" >/run/klpx-test-forced
give_reader 1
next_read >/dev/null
stop_reader
