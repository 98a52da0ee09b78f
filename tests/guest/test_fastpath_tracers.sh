#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=400
# A thread on another CPU checks every value that a patched function returns,
# while other users of ftrace attach and detach, on the fast path and off it.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/hammer.sh
. "$(dirname "$0")/lib/hammer.sh"

TRACING=/sys/kernel/tracing

load_klpx
load_patch klpx_hammer allowed=3
enable_patch $P1
echo 2 >$HAMMER/allowed

note "other users of ftrace attach and detach"
promote $P1
echo $T >$TRACING/set_ftrace_filter
echo $T >$TRACING/set_graph_function
for tracer in function function_graph; do
  echo $tracer >$TRACING/current_tracer
  sleep 0.2
  expect_eq "$tracer: wrong values" 0 "$(<$HAMMER/wrong)"
  grep -q $T $TRACING/trace || fail "$tracer has not seen the function"
  write_attr $P1 fastpath off
  promote $P1
  echo nop >$TRACING/current_tracer
  sleep 0.1
  expect_eq "$tracer gone: wrong values" 0 "$(<$HAMMER/wrong)"
done
echo >$TRACING/set_ftrace_filter
echo >$TRACING/set_graph_function
for probe in "p:hammer $T" "r:hammer $T"; do
  echo "$probe" >$TRACING/kprobe_events
  echo 1 >$TRACING/events/kprobes/hammer/enable
  sleep 0.2
  expect_eq "$probe: wrong values" 0 "$(<$HAMMER/wrong)"
  write_attr $P1 fastpath off
  promote $P1
  expect_more "$probe: hits" 0 \
    "$(awk '$1 == "hammer" { print $2 }' $TRACING/kprobe_profile)"
  echo 0 >$TRACING/events/kprobes/hammer/enable
  echo >$TRACING/kprobe_events
done
expect_eq "wrong values with tracers" 0 "$(<$HAMMER/wrong)"


echo 3 >$HAMMER/allowed
disable_patch $P1
allow 1
check "in the end"
unload klpx_hammer
unload_klpx
