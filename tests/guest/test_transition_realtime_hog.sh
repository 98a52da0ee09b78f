#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A task of a real-time class keeps a CPU for itself, so that no other task runs
# there: enable, reversal, disable and their completion do not wait for that
# CPU, nor does loading and unloading a module.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/hog.sh
. "$(dirname "$0")/lib/hog.sh"
# shellcheck source=tests/guest/lib/tracers.sh
. "$(dirname "$0")/lib/tracers.sh"

P=klpx_test_waits
ROUNDS=3

load_klpx
load_patch klpx_test_device

note "a function that a BPF program is attached to first"
attach fentry wait_for_completion_killable
expect_eq "attaching fentry" ok "$ANSWER"
start_hog 1 --fifo
for ((n = 0; n < ROUNDS; n++)); do
  enable_patch $P
  disable_patch $P
done
end_hog
detach fentry

for policy in fifo rr; do
  start_hog 1 --$policy
  note "$policy: enabled and disabled"
  for ((n = 0; n < ROUNDS; n++)); do
    enable_patch $P
    disable_patch $P
    load_patch klpx_model_helper
    unload klpx_model_helper
  done

  note "$policy: reversed, while a sleeper keeps the transition open"
  start_sleeper killable
  for ((n = 0; n < ROUNDS; n++)); do
    load_patch $P
    only_pending $P 1
    start_disable $P
    await_gone $P
    unload $P
  done
  load_patch $P
  only_pending $P 1
  echo 1 >/dev/klpx_killable
  await $P
  disable_patch $P
  wait "$SLEEPER"
  end_hog
done
unload klpx_test_device
unload_klpx
