#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# klp-controller and adoption: the verb, enable --engine, and what list, status,
# history and the kernel's own directory show of an adopted patch.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"

U=klpx_test_upstream
THEIRS=/sys/kernel/livepatch
if [[ ! -d $THEIRS ]]; then
  echo "SKIP: livepatch"
  exit 77
fi
BOOT_VERSION=$(</proc/version)

# shown FIELD: what list says of the patch; fails unless it is shown once.
shown() {
  json 0 klp.list/v1 list
  expect_eq "times that list has it" 1 "$(json_get "['patches'] | length")"
  json_get "['patches'][0]['$1']"
}

note "on: klpx.ko is loaded, and again changes nothing"
cli 0 adopt
says "off"
cli 0 adopt on
says "adoption is on"
is_loaded klpx || fail "klpx.ko is not loaded"
cli 0 adopt on
says "on already"

note "an unchanged module runs on klpx, and is shown once"
cli 0 enable $U.ko
expect_says "enable" "adopted"
expect_eq "engine" klpx "$(shown engine)"
expect_eq "adopted" true "$(shown adopted)"
[[ -L $THEIRS/$U ]] || fail "no link below $THEIRS"
expect_eq "the new function runs" $U "$(</proc/version)"
json 0 klp.adopt/v1 adopt
says $U
cli 0 list
says "klpx (adopted)"
cli 0 status
says "$U"

note "off: it stays; klpx is not unloaded under it"
cli 0 adopt off
says "$U stays on klpx"
cli 6 unload klpx
is_loaded klpx || fail "klpx.ko is gone"
cli 0 unload $U
expect_eq "the original runs" "$BOOT_VERSION" "$(</proc/version)"

note "one patch on the engine that is asked for"
cli 0 enable --engine klpx $U.ko
expect_eq "adopted" true "$(shown adopted)"
cli 0 unload $U
cli 0 adopt on
cli 0 enable --engine kernel $U.ko
[[ -d $THEIRS/$U && ! -L $THEIRS/$U ]] || fail "it is not on the kernel's engine"
expect_eq "engine" kernel "$(shown engine)"
cli 0 unload $U
expect_eq "no order is left" "" "$(</sys/module/klpx/livepatch/engine_for)"

note "the history has the engine of each"
json 0 klp.history/v1 history
expect_eq "transitions" 6 "$(json_get "['transitions'] | length")"

note "unload klpx turns adoption off by itself"
cli 0 unload klpx
! is_loaded klpx || fail "klpx.ko is still loaded"
