#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The kpatch program of Debian, as it is, on patches that klpx.ko has adopted.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/../lib/klpx.sh"

SAMPLES=/tmp/upstream/samples
S=livepatch_sample
L=test_klp_livepatch
BUSY=livepatch_callbacks_busymod
DEMO=livepatch_callbacks_demo
export MODULES=/tmp/upstream/selftests/test_modules

# kpatch STATUS ARGUMENT...: sets OUT.
kpatch() {
  local status=0
  OUT=$(bash /tmp/upstream/kpatch "${@:2}" 2>&1) || status=$?
  expect_eq "kpatch ${*:2}: $OUT: exit status" "$1" "$status"
}
says() {
  local text
  for text; do [[ $OUT == *"$text"* ]] || fail "kpatch: no '$text' in: $OUT"; done
}
is_adopted() { expect_eq "$1/adopted" 1 "$(attr "$1" adopted)"; }
not_loaded() { ! is_loaded "$1" || fail "$1 is still loaded"; }
# is_stalled PATCH FUNCTION: enabling; a task that blocks is in FUNCTION.
is_stalled() {
  kpatch 0 list
  [[ $OUT == *"$1 [enabling...]"*"Stalled processes:"*"$2"* ]]
}

boot_cmdline=$(</proc/cmdline)

note "load, list, unload"
kpatch 0 load "$SAMPLES/livepatch-sample.ko"
says "loading patch module"
is_adopted $S
[[ $(</proc/cmdline) == *"live patched"* ]] || fail "cmdline: $(</proc/cmdline)"
kpatch 0 list
says "$S [enabled]"
kpatch 0 load "$SAMPLES/livepatch-sample.ko"
says "already loaded and enabled"
kpatch 0 unload $S
says "disabling patch module: $S" "unloading patch module: $S"
not_loaded $S
expect_eq "/proc/cmdline" "$boot_cmdline" "$(</proc/cmdline)"

note "unload --all"
kpatch 0 load "$SAMPLES/livepatch-callbacks-demo.ko"
kpatch 0 load "$MODULES/test_klp_livepatch.ko"
is_adopted $DEMO
is_adopted $L
kpatch 0 unload --all
for patch in $DEMO $L; do not_loaded "$patch"; done

note "a transition that a task blocks: listed, waited for"
expect_eq "loading $BUSY" ok "$(errno_of load \
  "$SAMPLES/livepatch-callbacks-busymod.ko" sleep_secs=60)"
sleep 1
bash /tmp/upstream/kpatch load "$SAMPLES/livepatch-callbacks-demo.ko" >/tmp/said &
loading=$!
wait_for "the blocking task to be listed" is_stalled $DEMO busymod_work_func
says "kworker"
wait $loading || fail "kpatch load: $(</tmp/said)"
[[ $(</tmp/said) == *"transition complete"* ]] || fail "$(</tmp/said)"
kpatch 0 unload $DEMO
not_loaded $DEMO
unload $BUSY

note "a module that is no patch"
kpatch 1 load "$SAMPLES/livepatch-nothing.ko"
says "can't find"
