# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A task asleep in the function that is both patched and traced, whose return
# address the tracer has replaced. Sourced after coexist.sh and events.sh.

BYSTANDERS_PATCH=klpx_test_version1

# The tracers use the main trace buffer; the engine's events go to another one.
asleep_start() {
  TRACING=$TRACEFS/instances/klpx
  mkdir $TRACING
  watch_events
}

asleep_end() {
  ignore_events
  rmdir $TRACING
}

# asleep KIND REASON: a task that is not under the tracer is switched all the
# same. The task under it blocks with REASON, and returns the value of the version
# that it runs.
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
  # On 6.12 loading our patch regenerates the BPF trampoline, and a task in the
  # old one leaves it without running the program. On 7.2 the program sees it.
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

# bystander KIND [REASON]: a task asleep under the tracer, but in a function that
# is not patched, does not block, unless its stack cannot be read.
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
