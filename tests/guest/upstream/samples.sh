#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# samples/livepatch of the kernel, unmodified, on klpx.ko, which is loaded. With
# ADOPT they are modules for the kernel's livepatch, and found where it shows its
# own.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/../lib/klpx.sh"

SAMPLES=/tmp/upstream/samples
[[ -z ${ADOPT:-} ]] || SYS=/sys/kernel/livepatch

# load_sample NAME [PARAMETERS]
load_sample() {
  expect_eq "loading $1" ok \
    "$(errno_of load "$SAMPLES/${1//_/-}.ko" "${2:-}")"
}
enable_sample() {
  load_sample "$@"
  await "$1"
  [[ -z ${ADOPT:-} ]] || expect_eq "$1/adopted" 1 "$(attr "$1" adopted)"
}
patched() { attr "$1" "$2/patched"; }

note "livepatch-sample"
boot_cmdline=$(</proc/cmdline)
enable_sample livepatch_sample
[[ $(</proc/cmdline) == *"live patched"* ]] || fail "cmdline: $(</proc/cmdline)"
disable_patch livepatch_sample
expect_eq "/proc/cmdline" "$boot_cmdline" "$(</proc/cmdline)"

P=livepatch_callbacks_demo
MOD=livepatch_callbacks_mod
BUSY=livepatch_callbacks_busymod

note "livepatch-callbacks-demo: a target refused, loaded, unloaded"
enable_sample $P
echo -19 >/sys/module/$P/parameters/pre_patch_ret
expect_eq "loading $MOD" ENODEV "$(errno_of load $SAMPLES/${MOD//_/-}.ko)"
echo 0 >/sys/module/$P/parameters/pre_patch_ret
load_sample $MOD
expect_eq "$MOD patched" 1 "$(patched $P $MOD)"
unload $MOD
expect_eq "$MOD patched" 0 "$(patched $P $MOD)"
disable_patch $P

note "livepatch-callbacks-demo: a target busy in the patched function"
load_sample $BUSY sleep_secs=20
sleep 1
load_sample $P
expect_eq "transition" 1 "$(attr $P transition)"
load_sample $MOD
unload $MOD
start_disable $P
await_gone $P
unload $P
unload $BUSY

note "livepatch-shadow-fix1 and fix2: loaded before what they patch"
enable_sample livepatch_shadow_fix1
enable_sample livepatch_shadow_fix2
load_sample livepatch_shadow_mod
for n in 1 2; do
  expect_eq "fix$n" 1 "$(patched livepatch_shadow_fix$n livepatch_shadow_mod)"
done
sleep 4 # meanwhile it creates its first objects
disable_patch livepatch_shadow_fix2
disable_patch livepatch_shadow_fix1
unload livepatch_shadow_mod
