#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every verb on patches of the kernel's own livepatch, without klpx.ko: the same
# output and exit codes as on ours; patches that insmod has loaded are seen too.
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

note "preflight and info of the file"
json 0 klp.preflight/v1 preflight $V.ko
expect_eq "engine" kernel "$(json_get "['file']['engine']")"
json 0 klp.info/v1 info $V.ko
cli 0 enable --dry-run $V.ko
is_loaded $V && fail "--dry-run has loaded it"

note "enable, by file, by name, again"
json 0 klp.action/v1 enable $V.ko
expect_eq "result" complete "$(json_get "['result']")"
expect_eq "/proc/version" $V "$(</proc/version)"
is_loaded klpx && fail "klpx.ko was loaded for it"
for name in $V.ko $V klpx-test-upstream; do cli 0 enable "$name"; done
json 0 klp.list/v1 list
expect_eq "engine" kernel "$(json_get "['patches'][0]['engine']")"
json 0 klp.status/v1 status $V
expect_eq "state" enabled "$(json_get "['patches'][0]['state']")"
expect_eq "tasks" null "$(json_get "['patches'][0]['tasks']")"
cli 0 status
says "the kernel's own livepatch has 1 patch"
json 0 klp.info/v1 info $V
cli 0 check
for verb in force wait; do
  json 0 klp.action/v1 $verb $V
  expect_eq "$verb" unchanged "$(json_get "['result']")"
done

note "history of it"
json 0 klp.history/v1 history
wanted "['engine']" kernel
wanted "['outcome']" completed
wanted "['tasks']" null
wanted "['signals']" null
[[ $(newest "['took_ms']") != null ]] || fail "it was watched: took_ms"

note "disable, again; what is left; enable the file; unload, again"
for _ in 1 2; do cli 0 disable $V; done
is_loaded $V || fail "disable has removed the module"
json 0 klp.list/v1 list
expect_eq "removable" true "$(json_get "['patches'][0]['removable']")"
cli 0 enable $V.ko
for _ in 1 2; do cli 0 unload $V; done
is_loaded $V && fail "unload has not removed the module"

note "a patch loaded by insmod, and a disable that no process waits for"
load_patch klpx_test_device
start_sleeper killable
load_patch $W
json 1 klp.check/v1 check
expect_eq "in transition" $W "$(json_get "['transitions'][0]['patch']")"
stop_workload "$SLEEPER"
json 0 klp.action/v1 wait
json 0 klp.history/v1 history
wanted "['initiator']['by']" outside
wanted "['started_ns']" null
cli 0 disable --no-wait $W
await_gone $W
json 0 klp.history/v1 history
wanted "['outcome']" completed
cli 0 unload $W
unload klpx_test_device
tidy
