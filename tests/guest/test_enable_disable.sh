#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# One patch from load to unload: what user space sees, the layout of sysfs, and
# that nothing is left behind; then the same for klpx.ko itself. All of it
# twice.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"

P=klpx_demo_cmdline
BOOT_LINE=$(</proc/cmdline)

mode() { stat -c %A "$SYS/$P/$1"; }

expect_layout() {
  local name
  expect_eq "entries of $SYS" "$P" "$(ls "$SYS")"
  expect_eq "mode of the directory" drwxr-xr-x "$(mode .)"
  expect_eq "mode of enabled" -rw-r--r-- "$(mode enabled)"
  for name in force signal signal_task force_task kick; do
    expect_eq "mode of $name" --w------- "$(mode $name)"
  done
  for name in transition replace replace_set stack_order version forced target tasks \
    pending elapsed_ms retries vmlinux/patched; do
    expect_eq "mode of $name" -r--r--r-- "$(mode $name)"
  done
  [[ -d $SYS/$P/vmlinux/cmdline_proc_show,1 ]] || fail "no function directory"
}

expect_enabled() {
  local pair
  for pair in enabled=1 transition=0 replace=0 stack_order=1 version=1 \
    forced=0 target=patched pending=0 vmlinux/patched=1; do
    expect_eq "${pair%=*}" "${pair#*=}" "$(attr $P "${pair%=*}")"
  done
  expect_more "tasks" 10 "$(attr $P tasks)"
  expect_eq "/proc/cmdline" "this has been live patched" "$(</proc/cmdline)"
  expect_eq "entries" 0 "$(stat_of entries)"
  expect_eq "EBUSY or EWOULDBLOCK when in use" EAGAIN "$(errno_of unload $P)"
  expect_more "refcount" 0 "$(refcount $P)"
  grep -q cmdline_proc_show /sys/kernel/tracing/enabled_functions ||
    fail "cmdline_proc_show is not in enabled_functions"
}

expect_gone() {
  expect_eq "/proc/cmdline" "$BOOT_LINE" "$(</proc/cmdline)"
  expect_eq "entries of $SYS" "" "$(ls "$SYS")"
  expect_eq "enabled_functions" "" "$(</sys/kernel/tracing/enabled_functions)"
}

for round in 1 2; do
  note "round $round: klpx.ko fresh"
  load_klpx
  expect_eq "abi" "(ABI $(stat_of abi))" \
    "$("$KLPX/bin/klp-controller" --version | grep -o '(ABI .*)')"
  expect_gone
  enable_patch $P
  expect_layout
  expect_enabled
  expect_eq "refcount of klpx" EAGAIN "$(errno_of unload klpx)"
  disable_patch $P
  expect_gone
  enable_patch $P
  expect_enabled
  disable_patch $P
  expect_eq "transitions" 4 "$(stat_of transitions)"
  expect_gone
  unload_klpx
  [[ ! -e $SYS ]] || fail "$SYS outlives klpx.ko"
done
