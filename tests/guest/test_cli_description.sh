#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# klp-controller recognizes descriptions that klpx.ko refuses, and a module
# without module_exit(): it warns, refuses to unload it before anything has
# changed, and reports its state correctly afterwards.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/preflight.sh
. "$(dirname "$0")/lib/preflight.sh"

N=klpx_test_no_exit

note "an object named like its file"
finds_too bad_description klpx_bad_object_name.ko
cli_refuses 12 "the module is 'klpx_model_target'" enable klpx_bad_object_name.ko
cli 0 info klpx_bad_object_name.ko
expect_says "info" "the module is 'klpx_model_target'"

note "in read-only memory: accepted"
finds 0 module_not_loaded klpx_test_const.ko

note "no module_exit()"
finds_too no_exit klpx_bad_no_exit.ko
cli_refuses 6 klpx_permanent enable klpx_bad_no_exit.ko

note "no module_exit(), on purpose"
finds 0 permanent $N.ko
cli 0 enable $N.ko
expect_says "enable" "has no module_exit()"
expect_logged "'$N': has no module_exit()"
expect_eq "/proc/version" $N "$(</proc/version)"
cli_refuses 9 "has no module_exit(), so the kernel cannot remove it" unload $N
expect_eq "enabled, still" 1 "$(attr $N enabled)"
cli 0 disable $N
await_gone $N
cli 0 status
expect_says "status" "stay loaded (no module_exit()): $N"
[[ $OUT != *unload* ]] || fail "status suggests to unload it"
json 0 klp.list/v1 list
expect_eq "removable" false "$(json_get "['patches'][0]['removable']")"
cli_refuses 9 "has no module_exit(), so the kernel cannot remove it" unload $N
cli_refuses 9 "has no module_exit(), so the kernel cannot remove it" enable $N.ko
echo "$N klpx" >/run/klpx-test-forced
