#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Which states are compatible with those installed; shadow variables of a state;
# states that cannot be removed.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

model_start

note "versions"
enable_patch $A "ids=7,8 versions=2,1"
refused "lower" EINVAL $B "ids=7 versions=1"
refused "lower, replacing" EINVAL $B "ids=7,8 versions=2,0 replace=1"
refused "missing, replacing" EINVAL $B "ids=7 versions=2 replace=1"
refused "no states, replacing" EINVAL $B replace=1
enable_patch $B "ids=7 versions=2 callbacks=1"
expect_said "takes over" b:pre_patch:vmlinux b:prev:a b:post_patch:vmlinux
enable_patch $C "ids=8,7 versions=1,3 replace=1 callbacks=1"
replaced $A $B
expect_said "takes over again" c:pre_patch:vmlinux c:prev:a c:post_patch:vmlinux
refused "downgrade" EINVAL $A "ids=7,8 versions=2,1 replace=1"
enable_patch $A # has none, replaces none
disable_patch $A
disable_patch $C
said >/dev/null

note "ids and names"
refused "an id twice" EINVAL $A ids=7,8,7
refused "an id twice, with callbacks" EINVAL $A "ids=7,7 state_callbacks=1"
enable_patch $A "ids=7,8 names=seven,eight state_callbacks=1"
refused "another name" EINVAL $B "ids=7 names=sieben"
refused "another name, replacing" EINVAL $B "ids=8,7 names=eight,8 replace=1"
enable_patch $B "ids=7,8 names=seven,eight replace=1"
replaced $A
enable_patch $A ids=7
for name in $A $B; do disable_patch "$name"; done

note "shadow variables are freed with their state"
said >/dev/null
for _ in 1 2; do
  enable_patch $A "ids=7 state_callbacks=1 shadow=1"
  disable_patch $A
  expect_said "shadow" a:state_pre_patch:7 a:state_post_patch:7 \
    a:state_pre_unpatch:7 a:state_post_unpatch:7 a:dtor:7
done
enable_patch $A "ids=7 state_callbacks=1 shadow=1"
enable_patch $B "ids=7 state_callbacks=1 shadow=1 replace=1"
replaced $A
said >/dev/null
disable_patch $B
expect_said "handed over" b:state_pre_unpatch:7 b:state_post_unpatch:7 b:dtor:7
refused "pre_patch fails" EBUSY $A \
  "ids=7 state_callbacks=1 shadow=1 callbacks=1 vmlinux_error=-16"
expect_said "failed" a:state_pre_patch:7 a:pre_patch:vmlinux \
  a:state_post_unpatch:7 a:dtor:7

note "block_disable"
enable_patch $A "ids=7 block_disable=1"
refused_write "not alone" EINVAL $A enabled 0
refused "replaced without it" EINVAL $B replace=1
refused "replaced with another" EINVAL $B "replace=1 ids=8"
enable_patch $B "ids=7 block_disable=1"
disable_patch $A # the other one still has it
refused_write "the last one" EINVAL $B enabled 0
enable_patch $A "replace=1 ids=7"
replaced $B
disable_patch $A
model_end
