#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# BPF programs on a patched function, as in test_coexist_tracers.sh. A task
# asleep under a BPF trampoline that calls the function is reported as such.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/tracers.sh
. "$(dirname "$0")/lib/tracers.sh"
# shellcheck source=tests/guest/lib/coexist.sh
. "$(dirname "$0")/lib/coexist.sh"
# shellcheck source=tests/guest/lib/events.sh
. "$(dirname "$0")/lib/events.sh"
# shellcheck source=tests/guest/lib/coexist_asleep.sh
. "$(dirname "$0")/lib/coexist_asleep.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"

# The answer to the second direct caller of a function, and whether the unwinder
# reads past a BPF trampoline: 7.2 differs from 6.12 in both.
taken=EBUSY
asleep_reason=unreliable-stack
bystander_reason=unreliable-stack
if [[ $(uname -r) == 7.* ]]; then
  taken=EINVAL
  asleep_reason=uninterruptible
  bystander_reason=
fi

# named_as_blocked KIND VERSION: the message names what blocks.
named_as_blocked() {
  cli 0 blocking
  note "$1"
  printf '%s\n' "$OUT"
  expect_says "blocking, $1" "unreliable-stack  $2 [bpf]  "
}

coexist_start
table_head
for kind in fentry fexit kprobe_multi kretprobe_multi; do accepted $kind; done
note "all at once"
together function_graph ops kprobe fprobe_exit fexit
fast_path kprobe_multi ok
for kind in fentry fexit; do fast_path $kind $taken; done
note "a task asleep in the function"
asleep_start
for kind in fentry kretprobe_multi; do asleep $kind uninterruptible; done
asleep fexit $asleep_reason
bystander kretprobe_multi
bystander fexit $bystander_reason
asleep_end
unload $TARGET
cli 0 unload klpx # with the observer
