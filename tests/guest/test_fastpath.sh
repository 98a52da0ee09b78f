#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=400
# A thread on another CPU checks every value that a function returns, while the
# function gets on and off the fast path, is patched and reversed.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"

# shellcheck source=tests/guest/lib/hammer.sh
. "$(dirname "$0")/lib/hammer.sh"

load_klpx
load_patch klpx_hammer
allow 1
check "unpatched"

rounds=100
! is_slow || rounds=20
note "on and off, $rounds times"
echo 3 >$HAMMER/allowed
enable_patch $P1
expect_eq "the default" off "$(attr $P1 fastpath)"
allow 2
for ((i = 0; i < rounds; i++)); do
  promote $P1
  write_attr $P1 fastpath off
  demoted $P1 || fail "still on the fast path"
done
check "on and off"
note "$(stat_of fastpath_promoted) promotions," \
  "$(<$HAMMER/calls) calls checked"

note "patched, reversed and unpatched from the fast path"
echo all >/sys/module/klpx/parameters/fastpath
for ((i = 0; i < 5; i++)); do
  promote $P1
  allow 2
  echo 6 >$HAMMER/allowed
  enable_patch $P2
  allow 4
  wait_for "$P2 on the fast path" promoted $P2
  allow 4
  check "patched by the second"
  echo 6 >$HAMMER/allowed
  start_disable $P2
  await_gone $P2
  unload $P2
  allow 2
  check "the second gone"
done

note "disabled, enabled again in mid-transition"
for ((i = 0; i < 10; i++)); do
  echo 3 >$HAMMER/allowed
  start_disable $P1
  # The disable may be complete already: then the patch is loaded again.
  if [[ $(errno_of write $SYS/$P1/enabled 1) == ok ]]; then
    await $P1
  else
    await_gone $P1
    unload $P1
    enable_patch $P1
  fi
  expect_eq "wrong values in reversal" 0 "$(<$HAMMER/wrong)"
done
echo 2 >$HAMMER/allowed
went_back=$(<$HAMMER/went_back)
note "$went_back values went back in reversals, as expected"

note "the target module is unloaded and loaded while its function is on the fast path"
promote $P1
unload klpx_hammer
expect_eq "functions on the fast path" 0 "$(stat_of fastpath_functions)"
load_patch klpx_hammer allowed=2
allow 2
check "the target came again"

note "a hot function is promoted by itself"
write_attr $P1 fastpath off
write_attr $P1 fastpath hot
wait_for "the hot function on the fast path" promoted $P1
allow 2
check "hot"

note "a function that is no longer hot leaves it"
echo 4000000000 >/sys/module/klpx/parameters/hot_calls
wait_for "the function off the fast path" demoted $P1
expect_eq "functions that cooled down" 1 "$(stat_of fastpath_cooled)"
allow 2
check "cold"
echo 3 >$HAMMER/allowed
disable_patch $P1
allow 1
check "in the end"
unload klpx_hammer
unload_klpx
