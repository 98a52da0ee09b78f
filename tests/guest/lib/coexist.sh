# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# A patch and another user of ftrace on the same function, in every order.
# Sourced after tracers.sh. The functions: patches/klpx_coexist_target.c.

TARGET=klpx_coexist_target
P=klpx_coexist_patch
VALUE=klpx_coexist_value
HOLD=klpx_coexist_hold
OLD=1
NEW=2

coexist_start() {
  load_klpx
  load_patch $TARGET
}

coexist_end() {
  unload $TARGET
  unload_klpx
}

# returns WHEN us|holder VALUE: expects what value() returns to us or the holder.
returns() {
  local file=/proc/klpx_coexist_value value
  [[ $2 == us ]] || file=/proc/klpx_coexist_held
  read -r value <$file
  expect_eq "$1: value() called by $2" "$3" "$value"
}

# seen KIND WHEN us|holder VALUE: the same, and the tracer sees the call. A probe
# inside the old body sees only the calls that get there.
seen() {
  local before
  look "$1"
  before=$HITS
  returns "$1 $2" "$3" "$4"
  look "$1"
  if [[ $1 == kprobe_inside && $4 == "$NEW" ]]; then
    expect_eq "$1 $2: calls seen" "$before" "$HITS"
  else
    expect_more "$1 $2: calls seen" "$before" "$HITS"
  fi
  ! sees_returns "$1" || expect_eq "$1 $2: value seen" "$4" "$RETURNED"
}

# attach_is KIND WHEN FUNCTION ANSWER
attach_is() {
  attach "$1" "$3"
  expect_eq "attaching $1 $2" "$4" "$ANSWER"
}

# refused_is KIND WHEN ERRNO: refused, as another user redirects the function.
# 7.2 reports success to a kprobe all the same, although it is not attached and
# sees nothing. Sets SAID.
refused_is() {
  attach "$1" $VALUE
  SAID=$ANSWER
  if [[ $1 == kprobe_post && $ANSWER == ok && $(uname -r) == 7.* ]]; then
    returns "$1 $2" us $NEW
    look "$1"
    expect_eq "$1 $2: calls seen" 0 "$HITS"
    detach "$1"
    SAID="ok, blind"
    return
  fi
  expect_eq "attaching $1 $2" "$3" "$ANSWER"
}

# start_holder FUNCTION: a task that stays in FUNCTION, a version of hold(), so
# its side cannot change.
start_holder() {
  HELD=$(mktemp)
  start_workload cat /proc/$HOLD >"$HELD"
  HOLDER=$PID
  wait_for "holder to sleep in $1" sleeps_in "$HOLDER" "$1"
}

# release_holder VALUE: expects that hold() has returned VALUE.
release_holder() {
  echo >/proc/$HOLD
  wait "$HOLDER" || fail "the holder was killed"
  expect_eq "hold()" "$1" "$(<"$HELD")"
  rm "$HELD"
}

# load_held, disable_held: a transition that a holder keeps from completing.
load_held() {
  start_holder $HOLD
  load_patch $P
  only_pending $P 1
}

disable_held() {
  start_holder new_hold
  start_disable $P
  only_pending $P 1
}

end_disable() {
  await_gone $P
  unload $P
}

expect_untouched() {
  expect_eq "$1: enabled_functions" "" "$(<$TRACEFS/enabled_functions)"
}

row() { printf '| %-15s | %-12s | %-16s | %-16s | %s |\n' "$@"; }

# tracer_first KIND: a tracer that does not redirect, attached before the patch.
tracer_first() {
  attach_is "$1" first $VALUE ok
  seen "$1" alone us $OLD
  load_held
  seen "$1" "enabling" us $NEW
  seen "$1" "enabling" holder $OLD
  release_holder $OLD
  await $P
  seen "$1" "enabled" us $NEW
  disable_held
  seen "$1" "disabling" us $OLD
  seen "$1" "disabling" holder $NEW
  release_holder $NEW
  end_disable
  seen "$1" "disabled" us $OLD
  detach "$1"
  expect_untouched "$1 first"
}

tracer_second() {
  load_held
  attach_is "$1" "during the transition" $VALUE ok
  seen "$1" "attached in transition" us $NEW
  seen "$1" "attached in transition" holder $OLD
  detach "$1"
  returns "$1 detached in transition" us $NEW
  returns "$1 detached in transition" holder $OLD
  release_holder $OLD
  await $P
  attach_is "$1" second $VALUE ok
  seen "$1" second us $NEW
  detach "$1"
  returns "$1 detached" us $NEW
  attach_is "$1" third $VALUE ok
  start_disable $P
  end_disable
  seen "$1" "disabled" us $OLD
  detach "$1"
  expect_untouched "$1 second"
}

# accepted KIND: patch and tracer accept each other in any order.
accepted() {
  tracer_first "$1"
  tracer_second "$1"
  row "$1" "patch ok" "tracer ok" "tracer ok" "$(what_is_seen "$1")"
}

# together KIND...: all of them at once.
together() {
  local kind
  for kind; do attach_is "$kind" first $VALUE ok; done
  enable_patch $P
  for kind; do seen "$kind" "$* enabled" us $NEW; done
  disable_patch $P
  for kind; do
    seen "$kind" "$* disabled" us $OLD
    detach "$kind"
  done
  expect_untouched "$* together"
}

# fast_path KIND ANSWER: attached second, to a function on the fast path. A tracer
# that is refused is accepted once the function is off the fast path, if it does
# not redirect.
fast_path() {
  enable_patch $P
  write_attr $P fastpath all
  wait_for "functions on the fast path" both_fast
  if [[ $2 == ok ]]; then
    attach_is "$1" "on the fast path" $VALUE ok
    seen "$1" "on the fast path" us $NEW
    both_fast || fail "$1 has taken the function off the fast path"
    detach "$1"
    SAID=ok
  else
    refused_is "$1" "on the fast path" "$2"
  fi
  returns "$1 gone or refused" us $NEW
  if [[ $2 != ok && -v BPF_KINDS[$1] ]]; then
    write_attr $P fastpath off
    attach_is "$1" "off the fast path" $VALUE ok
    seen "$1" "off the fast path" us $NEW
    detach "$1"
  fi
  disable_patch $P
  returns "$1 after the fast path" us $OLD
  expect_untouched "$1 after the fast path"
  note "fast path, $1: $SAID"
}

both_fast() { [[ $(attr $P fastpath_functions) == 2 ]]; }

what_is_seen() {
  if [[ $1 == kprobe_inside ]]; then
    echo "calls that run the old body"
  elif sees_returns "$1"; then
    echo "every call, and what it returned"
  else
    echo "every call"
  fi
}

# refused KIND: a tracer that may redirect too. The first of the two keeps working.
refused() {
  local meanwhile
  attach_is "$1" first $VALUE ok
  expect_eq "loading $P, $1 attached" EBUSY "$(errno_of load "$(module_file $P)")"
  is_gone $P || fail "$P has a directory"
  seen "$1" "after the refusal" us $OLD
  detach "$1"
  expect_untouched "$1 first"

  load_held
  refused_is "$1" "during the transition" EBUSY
  meanwhile=$SAID
  returns "$1 refused" us $NEW
  returns "$1 refused" holder $OLD
  release_holder $OLD
  await $P
  refused_is "$1" second EBUSY
  returns "$1 refused" us $NEW
  start_disable $P
  end_disable
  returns "$1 refused" us $OLD
  attach_is "$1" "with the patch gone" $VALUE ok
  seen "$1" "with the patch gone" us $OLD
  detach "$1"
  row "$1" "patch EBUSY" "tracer $SAID" "tracer $meanwhile" nothing
}

table_head() {
  row tracer "tracer first" "patch first" "transition" "seen in each"
}
