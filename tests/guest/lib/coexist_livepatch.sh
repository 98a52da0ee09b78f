# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The kernel's livepatch with the same patch source, beside ours and beside the
# tracers. Sourced after coexist.sh.

OURS=/sys/kernel/klpx
THEIRS=/sys/kernel/livepatch
UPSTREAM=klpx_coexist_upstream
OTHER=klpx_test_version1
THEIR_OTHER=klpx_test_upstream
BOOT_VERSION=$(</proc/version)
MAY_REDIRECT="ops_ipmodify kprobe_post"
declare -A SECOND

# of ENGINE: selects the engine whose patches the verbs of klpx.sh act on.
of() { SYS=$1; }

upstream_held() {
  of $THEIRS
  start_holder $HOLD
  load_patch $UPSTREAM
  wait_for "our side to change" value_is $NEW
  returns "in their transition" holder $OLD
}

upstream_released() {
  release_holder $OLD
  await $UPSTREAM
}

upstream_off() {
  of $THEIRS
  disable_patch $UPSTREAM
  returns "their patch disabled" us $OLD
}

value_is() {
  local value
  read -r value </proc/$VALUE
  [[ $value == "$1" ]]
}

# refuses MODULE WHEN: loading MODULE as the second patch is refused.
refuses() {
  expect_eq "loading $1 $2" EBUSY "$(errno_of load "$(module_file "$1")")"
}

beside_theirs() {
  note "theirs first, on the same function; ours on another"
  upstream_held
  tracers_second transition
  refuses $P "in their transition"
  of $OURS
  enable_patch $OTHER
  expect_eq "/proc/version" $OTHER "$(</proc/version)"
  expect_eq "their transition" 1 "$(<$THEIRS/$UPSTREAM/transition)"
  disable_patch $OTHER
  expect_eq "/proc/version" "$BOOT_VERSION" "$(</proc/version)"
  of $THEIRS
  upstream_released
  refuses $P "after their transition"
  returns "theirs first" us $NEW
}

beside_ours() {
  note "ours first, on the same function"
  of $OURS
  load_held
  refuses $UPSTREAM "in our transition"
  returns "ours first" us $NEW
  returns "ours first" holder $OLD
  release_holder $OLD
  await $P
  refuses $UPSTREAM "after our transition"
  returns "ours first" us $NEW
  write_attr $P fastpath all
  wait_for "functions on the fast path" both_fast
  refuses $UPSTREAM "on our fast path"
  returns "on our fast path" us $NEW
  disable_patch $P
}

# tracers_second WHEN: each alone, while their patch is loaded.
tracers_second() {
  local kind
  for kind in "${!MODULE_KINDS[@]}" "${!TRACEFS_KINDS[@]}" "${!BPF_KINDS[@]}"; do
    SAID=ok
    if [[ " $MAY_REDIRECT " == *" $kind "* ]]; then
      refused_is "$kind" "$1" EBUSY
    else
      attach_is "$kind" "$1" $VALUE ok
      seen "$kind" "$1" us $NEW
      [[ $1 != transition ]] || seen "$kind" "$1" holder $OLD
      detach "$kind"
    fi
    SECOND[$kind,$1]=$SAID
  done
}

their_row() {
  row "$1" "$2" "tracer ${SECOND[$1,second]}" \
    "tracer ${SECOND[$1,transition]}" "$3"
}

# tracers_first KIND...: all of them at once.
tracers_first() {
  local kind
  for kind; do attach_is "$kind" first $VALUE ok; done
  of $THEIRS
  enable_patch $UPSTREAM
  for kind; do seen "$kind" first us $NEW; done
  start_disable $UPSTREAM
  await_gone $UPSTREAM
  unload $UPSTREAM
  for kind; do
    seen "$kind" disabled us $OLD
    detach "$kind"
    their_row "$kind" "patch ok" "$(what_is_seen "$kind")"
  done
  expect_untouched "$*"
}

redirectors_first() {
  local kind
  for kind in $MAY_REDIRECT; do
    attach_is "$kind" first $VALUE ok
    refuses $UPSTREAM "with $kind there"
    seen "$kind" "after the refusal" us $OLD
    detach "$kind"
    their_row "$kind" "patch EBUSY" nothing
  done
}

# only_theirs TASK: by their files, TASK is the only one that has not switched.
only_theirs() {
  local file state
  for file in /proc/[0-9]*/patch_state; do
    read -r state 2>/dev/null <"$file" || continue
    if [[ $file == "/proc/$1/patch_state" ]]; then
      [[ $state == 0 ]] || return 1
    else
      [[ $state == 1 ]] || return 1
    fi
  done
}

# their_bystander KIND [waits]: a task asleep under the tracer, in another
# function than the patch's.
their_bystander() {
  of $THEIRS
  attach_is "$1" first $HOLD ok
  start_holder $HOLD
  load_patch $THEIR_OTHER
  if [[ -n ${2:-} ]]; then
    wait_for "only the holder to be left" only_theirs "$HOLDER"
    expect_eq "their transition" 1 "$(attr $THEIR_OTHER transition)"
    release_holder $OLD
    await $THEIR_OTHER
  else
    await $THEIR_OTHER
    release_holder $OLD
  fi
  detach "$1"
  disable_patch $THEIR_OTHER
  note "$1, a task asleep in another function: ${2:-switched}"
}
