#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# What does not wait: modules that no patch names are loaded and unloaded during
# a transition and during an enable that sleeps in a callback; after a reversal
# or a force the engine checks again at once, not when its timer expires.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"

P=klpx_test_waits
SLOW=klpx_test_slow
OTHER=klpx_model_helper
ROUNDS=8
LEAST=4 # of them without the timer
! is_slow || ROUNDS=3 LEAST=-1 # there the timer may expire first every time

slow() { cat /sys/module/$SLOW/parameters/"$1" 2>/dev/null || true; }
is_inside() { [[ $(slow inside) == Y ]]; }

# come_and_go WHAT: a module that waits fails the test, not the machine.
come_and_go() {
  local act
  for _ in 1 2 3; do
    for act in "load $(module_file $OTHER)" "unload $OTHER"; do
      # shellcheck disable=SC2086
      expect_eq "$1: ${act%% *} $OTHER" ok \
        "$(timeout $WAIT_SECONDS /tmp/errno_of $act)"
    done
  done
}

# start_slow: an enable sleeps in its pre_patch callback.
start_slow() {
  errno_of load "$(module_file $SLOW)" "$*" >/tmp/slow &
  LOADER=$!
  wait_for "the callback to be called" is_inside
}
end_slow() {
  echo 0 >/sys/module/$SLOW/parameters/hold
  wait $LOADER
}

# immediate WHAT COMMAND...: completes a transition without the timer. The timer
# may expire at that very moment, but not every time.
immediate() {
  local what=$1 before
  before=$(stat_of timer_retries)
  "${@:2}"
  (($(stat_of timer_retries) > before)) || AT_ONCE[$what]=$((${AT_ONCE[$what]:-0} + 1))
}
declare -A AT_ONCE
settle() { write_attr $P "$1" "$2" && await $P; }
leave() { start_disable $P && await_gone $P; }

load_klpx
load_patch klpx_test_device

note "a sleeping callback: it continues, then it fails"
before=$(snapshot)
start_slow
come_and_go "in a callback"
is_inside || fail "the callback has not waited to be told"
end_slow
expect_eq "loading $SLOW" ok "$(</tmp/slow)"
await $SLOW
expect_eq "/proc/version" $SLOW "$(</proc/version)"
disable_patch $SLOW
start_slow result=-5
end_slow
expect_eq "loading $SLOW, whose callback fails" EIO "$(</tmp/slow)"
expect_eq "the system afterwards" "$before" "$(snapshot)"

start_sleeper killable
for ((n = 0; n < ROUNDS; n++)); do
  load_patch $P
  only_pending $P 1
  ((n)) || come_and_go "in a transition"
  immediate reversal leave
  unload $P
  load_patch $P
  only_pending $P 1
  immediate force settle force 1
  disable_patch $P
  load_patch $P
  only_pending $P 1
  immediate force_task settle force_task "$SLEEPER"
  disable_patch $P
done
for what in reversal force force_task; do
  note "$what: at once in ${AT_ONCE[$what]:-0} of $ROUNDS rounds"
  expect_more "rounds without the timer after $what" $LEAST \
    "${AT_ONCE[$what]:-0}"
done

echo 1 >/dev/klpx_killable
wait "$SLEEPER"
unload klpx_test_device
unload_klpx
