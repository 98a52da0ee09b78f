# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A task asleep in the function that is both patched and traced, its return
# address another's. Sourced after coexist.sh and events.sh.

BYSTANDERS_PATCH=klpx_test_version1

# The trace buffer is the tracers'; the engine's events have one of their own.
asleep_start() {
  TRACING=$TRACEFS/instances/klpx
  mkdir $TRACING
  watch_events
}

asleep_end() {
  ignore_events
  rmdir $TRACING
}

# asleep KIND REASON: a task that is not under it is switched all the same; the
# one that is waits with REASON, and what it returns is what it ran.
asleep() {
  local function=$HOLD
  [[ $2 != unreliable-stack ]] || function=""
  attach_is "$1" first $HOLD ok
  load_held
  expect_verdict "$HOLDER" "$2" "$function"
  returns "asleep under $1" us $NEW
  [[ $2 != unreliable-stack ]] || named_as_blocked "$1" $HOLD
  release_holder $OLD
  await $P
  # On 6.12 our coming has the BPF trampoline made anew, and who was in the old
  # one gets out of it past the program. That of 7.2 sees him.
  if [[ $1 == fexit && $2 == unreliable-stack ]]; then
    returned_under "$1" -1
  else
    returned_under "$1" $OLD
  fi

  disable_held
  expect_verdict "$HOLDER" "$2" "$function"
  returns "asleep under $1" us $OLD
  [[ $2 != unreliable-stack ]] || named_as_blocked "$1" new_hold
  detach "$1"
  only_pending $P 1
  release_holder $NEW
  end_disable
  expect_untouched "asleep under $1"
  forget_events
  asleep_row "$1" "in the patched function" "$2"
}

asleep_row() { printf '| %-15s | %-23s | %-16s |\n' "$@"; }

# bystander KIND [REASON]: a task asleep in another function than the patch's,
# but under the tracer: no reason to wait, unless its stack cannot be read.
bystander() {
  attach_is "$1" first $HOLD ok
  start_holder $HOLD
  load_patch $BYSTANDERS_PATCH
  if [[ -n ${2:-} ]]; then
    only_pending $BYSTANDERS_PATCH 1
    expect_verdict "$HOLDER" "$2"
    named_as_blocked "$1" $HOLD
    release_holder $OLD
    await $BYSTANDERS_PATCH
  else
    await $BYSTANDERS_PATCH
    release_holder $OLD
  fi
  returned_under "$1" $OLD
  detach "$1"
  disable_patch $BYSTANDERS_PATCH
  forget_events
  asleep_row "$1" "in another function" "${2:-switched}"
}

returned_under() {
  look "$1"
  ! sees_returns "$1" || expect_eq "$1 of hold(): value seen" "$2" "$RETURNED"
}
