#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: cpus=4
# A CPU that handles all its interrupts with preemption off and runs no task of
# the fair class: no transition waits for it, on the fast path or off it. And
# all CPUs are asked together: there are as many rounds on four CPUs as on one.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/hog.sh
. "$(dirname "$0")/lib/hog.sh"

P=klpx_test_version1
MANY=klpx_many_patch

promoted() { [[ $(attr $MANY fastpath_functions) == 3 ]]; }
promote() {
  write_attr $MANY fastpath all
  wait_for "three functions on the fast path" promoted
}

load_klpx
load_patch klpx_many
enable_patch $P

note "rounds of four CPUs"
syncs=$(stat_of cpu_syncs) rounds=$(stat_of cpu_sync_rounds)
note "$syncs waits, $rounds rounds"
((rounds <= 2 * syncs)) || fail "$rounds rounds for $syncs waits"
disable_patch $P

lift_limits
for guest in 1 0; do
  note "guest=$guest: off the fast path, and a disable, beside it"
  enable_patch $MANY functions=3
  promote
  stops=$(stat_of cpu_sync_stops)
  load_patch klpx_test_busy guest=$guest
  write_attr $MANY fastpath off
  expect_eq "direct calls left" 0 "$(stat_of fastpath_leaving)"
  if ((guest)); then
    expect_eq "CPUs stopped" "$stops" "$(stat_of cpu_sync_stops)"
  else
    expect_more "CPUs stopped" "$stops" "$(stat_of cpu_sync_stops)"
    stops=$(stat_of cpu_sync_stops)
  fi
  disable_patch $MANY
  expect_eq "CPUs stopped for a transition" "$stops" "$(stat_of cpu_sync_stops)"
  unload klpx_test_busy
done
unload klpx_many
unload_klpx
