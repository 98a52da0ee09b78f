# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# A function that another CPU calls all the time (patches/klpx_hammer.c), and
# patches of it that get on and off the fast path. Sourced after klpx.sh.

P1=klpx_hammer_patch1
P2=klpx_hammer_patch2
T=klpx_hammer_target
HAMMER=/sys/module/klpx_hammer/parameters

called() { (($(<$HAMMER/calls) > calls_then)); }
# allow MASK: from the next call on these values may be returned; waits for some.
allow() {
  echo "$1" >$HAMMER/allowed
  calls_then=$(($(<$HAMMER/calls) + 10000))
  wait_for "the hammer to go on" called
}
check() {
  expect_eq "$1: wrong values" 0 "$(<$HAMMER/wrong)"
  expect_eq "$1: values that went back" 0 "$(<$HAMMER/went_back)"
}
promoted() { [[ $(attr "$1" fastpath_functions) == 1 ]]; }
demoted() { [[ $(attr "$1" fastpath_functions) == 0 ]]; }
promote() {
  write_attr "$1" fastpath all
  wait_for "$1 on the fast path" promoted "$1"
}
