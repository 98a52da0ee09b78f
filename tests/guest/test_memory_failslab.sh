#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# Memory runs out: allocations of an enable and of a disable fail, one at a
# time. The operation succeeds all the same, or is refused with ENOMEM and
# leaves the system as before.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/failslab.sh
. "$(dirname "$0")/lib/failslab.sh"

P=klpx_test_failslab
SAMPLES=16
MANY=100000 # more allocations than anything here makes

echo N >$FAILSLAB/ignore-gfp-wait # also fail allocations that can wait

injected() { [[ $(</sys/module/$P/parameters/left) == 0 ]]; }

# fail_each TOTAL COMMAND: fails SAMPLES of the allocations, until there are no
# more: their number differs between loads. Failing all would take hours: the
# kernel that supports this delays every release of a kobject by seconds.
fail_each() {
  local n
  REFUSED=0
  for ((n = 1; n <= $1; n += $1 / SAMPLES + 1)); do
    "$2" $n || break
  done
  note "$2: $1 allocations, tried up to $n, refused $REFUSED times"
  expect_more "the last that failed" $(($1 / 2)) $n
  expect_more "refusals" 0 $REFUSED
}

enabling() {
  local answer
  answer=$(errno_of load "$(module_file $P)" "fail_nth=$1")
  case $answer in
  ENOMEM)
    REFUSED=$((REFUSED + 1))
    expect_eq "the system after allocation $1" "$BEFORE" "$(snapshot)"
    ;;
  ok)
    await $P
    injected
    local was=$?
    disable_patch $P
    return $was
    ;;
  *) fail "enabling, allocation $1: $answer" ;;
  esac
}

# writing N VALUE: with the Nth allocation failing; sets ANSWER.
writing() {
  ANSWER=$(FAIL_NTH=$1 /tmp/errno_of write $SYS/$P/enabled "$2")
  [[ $ANSWER =~ ^(ok|ENOMEM)(\ injected)?$ ]] || fail "allocation $1: $ANSWER"
}

# until_none_fails COMMAND: repeated with a later allocation failing each time.
until_none_fails() {
  local n=0
  REFUSED=0
  ANSWER=injected
  while [[ $ANSWER == *injected ]]; do
    n=$((n + 1 + n / 4)) # denser at the start, where the allocations are ours
    "$@" $n
    [[ $ANSWER != ENOMEM* ]] || REFUSED=$((REFUSED + 1))
  done
  note "$*: up to $n allocations, refused $REFUSED times"
  expect_more "refusals" 0 $REFUSED
}

disabling() {
  [[ -d $SYS/$P ]] || enable_patch $P fail_nth=$MANY
  before=$(snapshot)
  writing "$1" 0
  if [[ $ANSWER == ENOMEM* ]]; then
    expect_eq "the system after allocation $1" "$before" "$(snapshot)"
  else
    await_gone $P
    unload $P
  fi
}

load_klpx
enable_patch $P fail_nth=$MANY
TOTAL=$((MANY - $(</sys/module/$P/parameters/left)))
disable_patch $P
BEFORE=$(snapshot)
fail_each $TOTAL enabling
until_none_fails disabling
expect_eq "entries" 0 "$(stat_of entries)"
unload_klpx
