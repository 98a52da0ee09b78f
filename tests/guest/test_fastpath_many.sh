#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# Hundreds of functions get on and off the fast path: no stub is lost, and no
# write waits until ftrace has released all of them.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"

P=klpx_many_patch
STUBS=320

on_fastpath() { attr $P fastpath_functions; }
more_than() { (($("${@:2}") > $1)); }
fewer_than() { (($("${@:2}") < $1)); }

# promote_all N: waits for N promotions, as long as there is progress.
promote_all() {
  local now
  write_attr $P fastpath all
  until now=$(on_fastpath) && ((now == $1)); do
    wait_for "more than $now of $1 functions on the fast path" \
      more_than "$now" on_fastpath
  done
}
expect_sum() { expect_eq "$1" "$2" "$(</sys/module/klpx_many/parameters/sum)"; }
# Waits until ftrace has released all, as long as there is progress.
let_go() {
  local now
  until now=$(stat_of fastpath_leaving) && ((now == 0)); do
    wait_for "fewer than $now direct calls" fewer_than "$now" \
      stat_of fastpath_leaving
  done
}

expect_eq "loading klpx.ko" ok "$(errno_of load "$KLPX/klpx.ko" "stubs=$STUBS")"
load_patch klpx_many
enable_patch $P functions=40
expect_eq "the default" off "$(attr $P fastpath)"
expect_sum "40 patched" 40

note "some stubs are left, fewer than are freed at a time"
promote_all 40
write_attr $P fastpath off
expect_eq "direct calls after off" 0 "$(stat_of fastpath_leaving)"
expect_sum "40 off the fast path" 40
disable_patch $P

note "more functions than there are stubs that were never used"
((40 + 300 > STUBS)) || fail "there are enough stubs"
enable_patch $P functions=300
promote_all 300
expect_sum "300 on the fast path" 300
expect_more "times that stubs were recycled" 0 "$(stat_of stubs_recycled)"

note "a disable begins, and is reversed, before ftrace has released all"
start_disable $P
expect_more "direct calls after the write" 0 "$(stat_of fastpath_leaving)"
expect_eq "transition" 1 "$(attr $P transition)"
load_patch klpx_model_helper
unload klpx_model_helper
write_attr $P enabled 1
expect_more "direct calls after the reversal" 0 "$(stat_of fastpath_leaving)"
write_attr $P fastpath hot
let_go
await $P
expect_sum "reversed" 300

note "a disable completes when it has"
start_disable $P
await_gone $P
expect_eq "direct calls of a patch that is gone" 0 "$(stat_of fastpath_leaving)"
expect_sum "disabled" 0
unload $P

note "the same, for a patch that stops the machine"
enable_patch $P "functions=20 stop_machine=1"
promote_all 20
start_disable $P
await_gone $P
expect_eq "direct calls of that one" 0 "$(stat_of fastpath_leaving)"
expect_sum "disabled at once" 0
unload $P

note "the target is unloaded while ftrace releases its functions"
enable_patch $P functions=30
promote_all 30
unload klpx_many
expect_eq "direct calls of a module that is gone" 0 \
  "$(stat_of fastpath_leaving)"
load_patch klpx_many
expect_sum "the target came again" 30
disable_patch $P
expect_sum "at the end" 0
unload klpx_many
unload_klpx
