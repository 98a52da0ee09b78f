#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Modules for the kernel's livepatch that do not do as they should: an init that
# fails after the patch was enabled, klp_enable_patch() called twice or never,
# no mark, and functions that are not there.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"
# shellcheck source=tests/guest/lib/adopt.sh
. "$(dirname "$0")/lib/adopt.sh"

adopt_start
load_patch $TARGET
said >/dev/null
P="version=1 callbacks=1"

note "module_init() fails after the patch was enabled"
for error in "5 EIO" "12 ENOMEM" "110 ETIMEDOUT"; do
  read -r number name <<<"$error"
  refused "its init fails" "$name" $X "$P result=-$number"
  nothing_of $X
  expect_version "its init fails" "$BOOT_VERSION"
done
said >/dev/null

note "enabled twice: the second time is refused, the first stays"
dmesg --clear
enable_patch $X "version=1 times=2"
is_adopted $X
expect_version "twice" x
dmesg | grep -q 'the second time: -' || fail "the second time was accepted"
disable_patch $X
expect_version "twice, disabled" "$BOOT_VERSION"
refused "twice, and its init fails" EIO $X "version=1 times=2 result=-5"
nothing_of $X

note "never enabled"
load_patch $X "version=1 times=0"
[[ ! -e $OURS/$X && ! -e $THEIRS/$X ]] || fail "there is a directory of $X"
expect_version "never" "$BOOT_VERSION"
unload $X

note "not marked"
sed 's/livepatch=Y/livepatcx=Y/' "$(module_file $X)" >/tmp/unmarked.ko
expect_eq "unmarked" EINVAL "$(errno_of load /tmp/unmarked.ko version=1)"
nothing_of $X
expect_logged "module $X is not marked as a livepatch module"

note "functions that cannot be patched"
refused "no such function" EINVAL $X funcs=klpx_no_such_function
refused "the target has it not, and is loaded later" EINVAL $X funcs=$ONE,no_two
unload $TARGET
adopted $X funcs=$ONE,no_two
refused "it lacks a function" EINVAL $TARGET
disable_patch $X

note "the same module twice"
adopted $X version=1
[[ $(errno_of load "$(module_file $X)") == E@(EXIST|BUSY) ]] ||
  fail "$X was loaded twice"
disable_patch $X
adopt_end
