#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# With klpx.ko loaded, tasks that block a transition of the kernel's own engine
# are signalled one by one, and idle CPUs are kicked: that engine has no
# interface for either, and would signal only 15 s after the start.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/native.sh
. "$(dirname "$0")/lib/native.sh"

NUDGE=/sys/module/klpx/livepatch
SIGNALLED='livepatch: signaling remaining tasks'

nudge() { expect_eq "$2 to $1" "$3" "$(errno_of write $NUDGE/"$1" "$2")"; }

load_patch klpx_test_device

note "without klpx.ko: refused, with an alternative"
start_sleeper interruptible
FIRST=$SLEEPER
cli 0 enable --no-wait $W.ko
blocks "$FIRST" reason on-function
cli 6 signal $W
says "modprobe klpx"

note "with it: a named task, then all that are left"
insmod klpx.ko
cli 0 blocking
says "klp-controller signal $W"
start_sleeper interruptible # on the new side: it does not block
NEW=$SLEEPER
nudge signal_task "$NEW" ESRCH
nudge signal_task "$FIRST" ok
cli 0 wait --timeout 8 $W
expect_eq "/proc/version" klpx_native_waits "$(</proc/version)"
cli 0 disable --no-wait $W
blocks "$NEW" target unpatched
cli 0 signal $W
says "fake signal sent to every task that blocks"
cli 0 wait --timeout 8 $W
if dmesg | grep -q "$SIGNALLED"; then
  fail "it was the kernel's own signal that ended a transition"
fi
cli 0 unload $W

note "no transition, or not a number: nothing is done"
nudge signal_task "$FIRST" ESRCH
nudge kick_cpu 0 ESRCH
nudge kick_cpu 65536 EINVAL
for wrong in -1 x 99999999999; do
  nudge signal_task "$wrong" EINVAL
  nudge kick_cpu "$wrong" EINVAL
done
nudge signal_task 4194304 ESRCH

for reader in "$FIRST" "$NEW"; do
  kill -0 "$reader" || fail "a sleeper has ended: the signal was a real one"
done
echo 1 >/dev/klpx_interruptible
echo 1 >/dev/klpx_interruptible
wait "$FIRST" "$NEW"
unload klpx_test_device
tidy
