#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Other users of ftrace on the function of a patch: a user that may change the
# instruction pointer and a patch exclude each other; one that only observes
# does not.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"

P=klpx_test_version1
TRACING=/sys/kernel/tracing
BOOT_VERSION=$(</proc/version)

# excluded MODULE: each is refused while the other is there.
excluded() {
  note "$1 first"
  expect_eq "loading $1" ok "$(errno_of load "$(module_file "$1")")"
  expect_eq "loading $P" EBUSY "$(errno_of load "$(module_file $P)")"
  is_gone $P || fail "$P has a directory"
  leave "$1"
  note "$1 second"
  enable_patch $P
  expect_eq "loading $1" EBUSY "$(errno_of load "$(module_file "$1")")"
  expect_eq "/proc/version" $P "$(</proc/version)"
  disable_patch $P
  expect_eq "/proc/version" "$BOOT_VERSION" "$(</proc/version)"
}

# leave MODULE: it may be a patch of the kernel's livepatch.
leave() {
  local patch=/sys/kernel/livepatch/$1
  if [[ -d $patch ]]; then
    wait_for "kernel's transition" grep -q 0 "$patch/transition"
    expect_eq "/proc/version" "$1" "$(</proc/version)"
    echo 0 >"$patch/enabled"
    wait_for "kernel's patch to be gone" test ! -d "$patch"
  fi
  unload "$1"
}

# seen COMMAND...: the patch works while the tracer is attached, and afterwards.
seen() {
  enable_patch $P
  "$@"
  expect_eq "/proc/version, traced" $P "$(</proc/version)"
  look_away
  expect_eq "/proc/version, not traced" $P "$(</proc/version)"
  "$@"
  disable_patch $P
  expect_eq "/proc/version, traced" "$BOOT_VERSION" "$(</proc/version)"
  look_away
}

trace() {
  echo version_proc_show >$TRACING/set_ftrace_filter
  echo "$1" >$TRACING/current_tracer
}
kprobe() {
  echo "$1:klpxprobe version_proc_show" >$TRACING/kprobe_events
  echo 1 >$TRACING/events/kprobes/klpxprobe/enable
}
look_away() {
  echo nop >$TRACING/current_tracer
  echo >$TRACING/set_ftrace_filter
  [[ ! -d $TRACING/events/kprobes ]] || echo 0 >$TRACING/events/kprobes/enable
  echo >$TRACING/kprobe_events
}

load_klpx
excluded klpx_test_ipmodify
[[ ! -d /sys/kernel/livepatch ]] || excluded klpx_test_upstream
for tracer in function function_graph; do
  note "$tracer"
  seen trace $tracer
done
for kind in p r; do
  note "kprobe of kind $kind"
  seen kprobe $kind
done

note "a direct caller that is being changed, for a while or all the time"
D=klpx_coexist_direct
expect_eq "loading $D" ok "$(errno_of load "$(module_file $D)" again=5)"
enable_patch $P
expect_eq "/proc/version" $P "$(</proc/version)"
expect_eq "times asked" 0 "$(</sys/module/$D/parameters/again)"
disable_patch $P
echo 1000000 >/sys/module/$D/parameters/again
expect_eq "loading $P" EAGAIN "$(errno_of load "$(module_file $P)")"
expect_eq "/proc/version" "$BOOT_VERSION" "$(</proc/version)"
unload $D

note "ftrace switched off altogether"
echo 0 >/proc/sys/kernel/ftrace_enabled 2>/dev/null || true
if [[ $(</proc/sys/kernel/ftrace_enabled) == 0 ]]; then
  expect_eq "loading $P" EBUSY "$(errno_of load "$(module_file $P)")"
  echo 1 >/proc/sys/kernel/ftrace_enabled
fi
enable_patch $P
disable_patch $P
unload_klpx
