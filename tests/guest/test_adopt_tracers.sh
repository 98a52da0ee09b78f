#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# Other users of klp_enable_patch(): those that only look see the calls, before
# and after adoption is switched on; one that may redirect and adoption exclude
# each other, a patch for klpx of that function too; ftrace that is off excludes
# adoption.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"
# shellcheck source=tests/guest/lib/adopt.sh
. "$(dirname "$0")/lib/adopt.sh"
# shellcheck source=tests/guest/lib/tracers.sh
. "$(dirname "$0")/lib/tracers.sh"

F=klp_enable_patch

# works WHEN: a patch is adopted.
works() {
  adopted $X version=1
  expect_version "$1" x
  disable_patch $X
}

# sees KIND WHEN: the tracer sees the call that adopts.
sees() {
  local before
  look "$1"
  before=$HITS
  works "$1 $2"
  look "$1"
  expect_more "$1 $2: calls seen" "$before" "$HITS"
}

model_start
for kind in ops kprobe fprobe function function_graph fentry fexit kprobe_multi; do
  note "$kind"
  attach $kind $F
  expect_eq "attaching $kind first" ok "$ANSWER"
  adopt 1
  sees $kind first
  detach $kind
  works "$kind detached"
  attach $kind $F
  expect_eq "attaching $kind second" ok "$ANSWER"
  sees $kind second
  adopt 0
  detach $kind
  expect_untraced "$kind"
done

note "one that may redirect"
attach ops_ipmodify $F
expect_eq "attaching first" ok "$ANSWER"
expect_eq "adopt" EBUSY "$(errno_of write $ADOPT 1)"
expect_eq "adopt" 0 "$(<$ADOPT)"
expect_eq "engine_for" EBUSY "$(errno_of write $ENGINE_FOR "$X klpx")"
detach ops_ipmodify
adopt 1
attach ops_ipmodify $F
expect_eq "attaching second" EBUSY "$ANSWER"
works "refused the other"

note "a patch for klpx of the same function: of the two, one"
H=klpx_adopt_hook
refused "adoption is on" EBUSY $H
works "the other refused"
adopt 0
enable_patch $H
expect_eq "adopt" EBUSY "$(errno_of write $ADOPT 1)"
expect_eq "engine_for" EBUSY "$(errno_of write $ENGINE_FOR "$X klpx")"
expect_eq "adopt" 0 "$(<$ADOPT)"
expect_eq "through the patch" ENOTTY "$(errno_of load "$(module_file $X)")"
disable_patch $H
adopt 1
works "without it"
adopt 0
expect_untraced "adopt 0"

note "ftrace switched off altogether"
echo 0 >/proc/sys/kernel/ftrace_enabled
expect_eq "adopt" EBUSY "$(errno_of write $ADOPT 1)"
echo 1 >/proc/sys/kernel/ftrace_enabled
adopt 1
works "ftrace is back"
[[ $(errno_of write /proc/sys/kernel/ftrace_enabled 0) == EBUSY ]] ||
  fail "ftrace was switched off under adoption"
adopt_end
