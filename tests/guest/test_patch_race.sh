#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: cpus=4
# Two patches that replace each other, a third one, the target module and an
# unrelated module are loaded and unloaded as fast as possible, all at the same
# time. Most of that is refused; what matters is what is left, and the kernel
# log.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

RACE_SECONDS=15

# keep FUNCTION ARGUMENT...: repeats it; prints how often it succeeded.
keep() {
  local end=$((SECONDS + RACE_SECONDS)) times=0
  while ((SECONDS < end)); do "$@" && times=$((times + 1)); done
  echo "$times $*"
}

come_and_go() {
  [[ $(errno_of load "$(module_file "$1")" "${2:-}") == ok ]] || return 1
  [[ $(errno_of unload "$1") == ok ]]
}

# Another patch may have replaced it before it is disabled.
in_and_out() {
  [[ $(errno_of load "$(module_file "$1")" "$2") == ok ]] || return 1
  errno_of write "$SYS/$1/enabled" 0 >/dev/null
  try_to_remove "$1"
}

# try_to_remove PATCH: disables it unless another patch replaces it first.
try_to_remove() {
  until [[ $(errno_of unload "$1") == ok ]]; do
    [[ ! -d $SYS/$1 ]] || errno_of write "$SYS/$1/enabled" 0 >/dev/null
  done
}

cp -r $KLPX/patches /tmp/
module_file() { echo "/tmp/patches/$1.ko"; }

load_klpx
load_patch $HELPER
counts=$(mktemp)
racers=()
for what in "come_and_go $TARGET" "come_and_go klpx_test_device" \
  "in_and_out $A funcs=$ONE" "in_and_out $B replace=1\ funcs=$TWO" \
  "in_and_out $C replace=1\ funcs=$ONE\ callbacks=1\ version=1"; do
  eval "keep $what" >>"$counts" &
  racers+=($!)
done
wait "${racers[@]}"
sed 's/^/# times: /' "$counts"
expect_eq "racers that were heard of" 5 "$(wc -l <"$counts")"
if grep -q "^0 come_and_go" "$counts"; then
  fail "a module was never loaded"
fi

note "what is left"
expect_eq "patches" "" "$(ls $SYS)"
expect_untraced "all gone"
expect_version "all gone" "$BOOT_VERSION"
for name in $TARGET klpx_test_device $A $B $C; do
  ! is_loaded "$name" || unload "$name"
done
enable_patch $A "funcs=$ONE,$TWO"
load_patch $TARGET
target_reads "works as before" a a
disable_patch $A
target_reads "works as before" one two
unload $TARGET
model_end
