#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Kernel threads that keep a CPU busy: one that calls cond_resched() is switched
# when it yields its CPU; one that does not stays pending, unless the kernel is
# preemptible.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/events.sh
. "$(dirname "$0")/lib/events.sh"

P=klpx_demo_cmdline
HOLD_SECONDS=3

end() {
  set_preempt "$as_found"
  ignore_events
  unload_klpx
}

load_klpx
watch_events
note "with cond_resched()"
load_patch klpx_test_spinner resched=1
switches=$(stat_of switched_context_switch)
enable_patch $P
note "enabled in $(attr $P elapsed_ms) ms, $(attr $P retries) timer retries"
expect_more "tasks switched at a context switch" "$switches" \
  "$(stat_of switched_context_switch)"
disable_patch $P
unload klpx_test_spinner

as_found=$(preempt_mode)
if set_preempt full; then
  note "without, in a preemptible kernel: switched when it is preempted"
  load_patch klpx_test_spinner
  enable_patch $P
  disable_patch $P
  unload klpx_test_spinner
fi
set_preempt voluntary || { end; exit; }

note "without: pending until it ends"
load_patch klpx_test_spinner
load_patch $P
only_pending $P 1
expect_verdict "$(kthread_tid klpx_spinner)" running
sleep $HOLD_SECONDS
expect_eq "pending while it spins" 1 "$(attr $P pending)"
expect_eq "enabled while it spins" 1 "$(attr $P enabled)"
expect_eq "signal while it spins" ok "$(errno_of write $SYS/$P/signal 1)"
unload klpx_test_spinner
await $P
disable_patch $P

note "without: forced"
load_patch klpx_test_spinner
load_patch $P
only_pending $P 1
SPINNER=$(kthread_tid klpx_spinner)
write_attr $P force_task "$SPINNER"
expect_switched "$SPINNER" forced
unload klpx_test_spinner
await $P
expect_eq "forced" 0 "$(attr $P forced)"
expect_eq "switched_forced" 1 "$(stat_of switched_forced)"
disable_patch $P
end
