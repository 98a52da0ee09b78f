#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# Kprobes, kretprobes and fprobes on a patched function, as in
# test_coexist_tracers.sh.
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

coexist_start
table_head
refused kprobe_post
for kind in kprobe kprobe_inside kretprobe fprobe fprobe_exit; do
  accepted $kind
done
fast_path kretprobe ok
fast_path kprobe_post EBUSY
note "a task asleep in the function"
asleep_start
for kind in kprobe kretprobe fprobe_exit; do asleep $kind uninterruptible; done
for kind in kretprobe fprobe_exit; do bystander $kind; done
asleep_end
coexist_end
