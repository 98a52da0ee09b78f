#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=3600 long=1
# klpx.ko is loaded and removed, and adoption switched, while modules for the
# kernel's livepatch come and go: each goes to one of the two engines, and nothing
# is left.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"
# shellcheck source=tests/guest/lib/adopt.sh
. "$(dirname "$0")/lib/adopt.sh"

ROUNDS=500
! is_slow || ROUNDS=50
cp "$KLPX/klpx.ko" /tmp/
STOP=/tmp/stop

# come_and_go NAME [PARAMETERS]: the patch is disabled by whichever engine has it.
# Once: the kernel's engine makes each write wait while it completes a transition,
# which may take as long as a hung task is allowed to.
come_and_go() {
  local answer
  answer=$(errno_of load "$(module_file "$1")" "${2:-}")
  echo "$answer" >>/tmp/answers
  [[ $answer == ok ]] || return 0
  until [[ $(errno_of write "$THEIRS/$1/enabled" 0) == ok ]]; do pause 0.1; done
  until [[ $(errno_of unload "$1") == ok ]]; do pause 0.1; done
}

# Refused by either engine, so that it takes no transition: many times.
refuse() { come_and_go klpx_adopt_bad what=unknown; }

until_stopped() { until [[ -e $STOP ]]; do "$@"; done; }

klpx_comes_and_goes() {
  local n
  for ((n = 0; n < ROUNDS; n++)); do
    [[ $(errno_of load /tmp/klpx.ko adopt=1) == ok ]] || fail "loading klpx.ko"
    pause 0.3
    until [[ $(errno_of unload klpx) == ok ]]; do
      [[ ! -w $ADOPT ]] || errno_of write $ADOPT 0 >/dev/null
    done
  done
}

switch() {
  local n
  for ((n = 0; n < ROUNDS; n++)); do
    errno_of write $ADOPT $((n % 2)) >/dev/null
  done
}

# race COMMAND...: beside it, the modules. Then nothing is left.
race() {
  rm -f $STOP /tmp/answers
  racers=()
  for what in refuse "come_and_go $X version=1"; do
    # shellcheck disable=SC2086
    until_stopped $what &
    racers+=($!)
  done
  "$@"
  touch $STOP
  wait "${racers[@]}"
  sort /tmp/answers | uniq -c | sed 's/^/# /'
  expect_eq "patches" "" "$(ls $THEIRS)"
  expect_version "$1" "$BOOT_VERSION"
  grep -qx ok /tmp/answers || fail "no module was ever loaded"
}

note "klpx.ko comes and goes, $ROUNDS times"
load_patch $HELPER
race klpx_comes_and_goes
expect_untraced "klpx.ko is gone"

note "adoption is switched $ROUNDS times"
load_klpx
race switch
adopt 0
expect_untraced "adopt 0"
model_end
