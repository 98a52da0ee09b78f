#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# Enabled and disabled a hundred times: nothing is leaked, nothing grows.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"

P=klpx_demo_cmdline
ROUNDS=100
! is_slow || ROUNDS=15
WARM_UP=10
NOISE_KB=2048

# Unreclaimable slab and per-CPU memory, in kB.
kernel_memory() {
  echo 3 >/proc/sys/vm/drop_caches
  awk '/^(SUnreclaim|Percpu|VmallocUsed|KernelStack):/ { kb += $2 }
       END { print kb }' /proc/meminfo
}

in_and_out() {
  local round
  for ((round = 0; round < $1; round++)); do
    enable_patch $P
    disable_patch $P
  done
}

load_klpx
in_and_out $WARM_UP
before=$(kernel_memory)
in_and_out $ROUNDS
growth=$(($(kernel_memory) - before))
note "kernel memory grew by $growth kB in $ROUNDS rounds"
((growth < NOISE_KB)) || fail "kernel memory grew by $growth kB"

expect_eq "entries" 0 "$(stat_of entries)"
expect_eq "transitions" $((2 * (ROUNDS + WARM_UP))) "$(stat_of transitions)"
expect_eq "enabled_functions" "" "$(</sys/kernel/tracing/enabled_functions)"
expect_eq "refcount of klpx" 0 "$(refcount klpx)"

note "what is refused leaks nothing either"
for ((round = 0; round < ROUNDS; round++)); do
  expect_eq "loading a bad patch" EINVAL \
    "$(errno_of load "$(module_file klpx_bad_second_unknown)")"
done
expect_eq "refcount of klpx" 0 "$(refcount klpx)"
unload_klpx
[[ $(</proc/slabinfo) != *klpx* ]] || fail "a slab cache outlives klpx.ko"
