#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# The kernel's own livepatch: beside ours, and, for comparison, what the tracers
# of the other test_coexist_ files see when it has patched the function.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/tracers.sh
. "$(dirname "$0")/lib/tracers.sh"
# shellcheck source=tests/guest/lib/coexist.sh
. "$(dirname "$0")/lib/coexist.sh"
# shellcheck source=tests/guest/lib/coexist_livepatch.sh
. "$(dirname "$0")/lib/coexist_livepatch.sh"

if [[ ! -d /sys/kernel/livepatch ]]; then
  echo "SKIP: livepatch"
  exit 77
fi

# Each group at once, because each of their transitions takes seconds.
GROUPS_FIRST=("function_graph ops kprobe fprobe_exit fexit"
  "function kretprobe fprobe kprobe_multi" "fentry kprobe_inside"
  "kretprobe_multi")

coexist_start
beside_theirs
tracers_second second
upstream_off
beside_ours
note "tracers, before their patch"
table_head
redirectors_first
for group in "${GROUPS_FIRST[@]}"; do
  # shellcheck disable=SC2086
  tracers_first $group
done
their_bystander kretprobe
# 7.2 reads past a BPF trampoline.
[[ $(uname -r) == 7.* ]] || their_bystander fexit waits
[[ $(uname -r) != 7.* ]] || their_bystander fexit
of $OURS
coexist_end
