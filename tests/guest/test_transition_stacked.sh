#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Three patches of one function: the newest enabled one is used, and they can be
# disabled in any order.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"

P=klpx_test_version
BOOT_VERSION=$(</proc/version)

# disable_in_order N...: disables patch number N, and checks what remains.
disable_in_order() {
  local left=(1 2 3) n newest
  for n in 1 2 3; do
    enable_patch $P"$n"
    expect_eq "/proc/version" $P"$n" "$(</proc/version)"
    expect_eq "stack_order of $n" "$n" "$(attr $P"$n" stack_order)"
  done
  for n in "$@"; do
    disable_patch $P"$n"
    for newest in "${!left[@]}"; do
      [[ ${left[newest]} != "$n" ]] || unset "left[$newest]"
    done
    newest=$BOOT_VERSION
    ((${#left[@]} == 0)) || newest=$P$(printf '%s\n' "${left[@]}" | tail -n 1)
    expect_eq "/proc/version without $n" "$newest" "$(</proc/version)"
  done
}

load_klpx
for order in "1 2 3" "3 2 1" "2 1 3" "2 3 1"; do
  note "enabled 1 2 3, disabled $order"
  # shellcheck disable=SC2086 # three words
  disable_in_order $order
done

note "one transition at a time: the others stay as they are"
start_reader
enable_patch ${P}1
load_patch klpx_demo_eventfd
only_pending klpx_demo_eventfd 1
expect_eq "enabling another" EBUSY \
  "$(errno_of load "$(module_file ${P}2)")"
is_loaded ${P}2 && fail "${P}2 is loaded"
expect_eq "disabling another" EBUSY "$(errno_of write $SYS/${P}1/enabled 0)"
expect_eq "/proc/version" ${P}1 "$(</proc/version)"
expect_eq "patches" "klpx_demo_eventfd ${P}1" "$(cd $SYS && echo *)"
write_attr klpx_demo_eventfd signal 1
await klpx_demo_eventfd

note "the old one is disabled while a task sleeps in the new one"
wait_for "reader to sleep" sleeps_in "$READER_TID" demo_eventfd_read
disable_patch ${P}1
start_disable klpx_demo_eventfd
write_attr klpx_demo_eventfd signal 1
await_gone klpx_demo_eventfd
unload klpx_demo_eventfd
stop_reader
unload_klpx
