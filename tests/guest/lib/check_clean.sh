#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Exits non-zero, and says why, unless the guest is in the state in which the test
# found it. The harness runs this after every test. Pinned BPF objects may stay:
# they are meant to outlive a process.
set -euo pipefail

status=0
complain() {
  printf 'NOT CLEAN: %s\n' "$*" >&2
  status=1
}

# Those that klpx has adopted are links.
for patch in /sys/kernel/klpx/* /sys/kernel/livepatch/*; do
  [[ ! -d $patch && ! -L $patch ]] || complain "patch $patch is still there"
done

# A forced patch stays until reboot: its test lists the modules in this file.
forced=$(cat /run/klpx-test-forced 2>/dev/null || true)
while read -r module _; do
  [[ $module != klpx* || " $forced " == *" $module "* ]] || complain "module $module is still loaded"
done </proc/modules

# If ftrace has shut itself down, functions stay traced until reboot.
functions=$(</sys/kernel/tracing/enabled_functions)
[[ -z $functions || -e /run/klpx-test-ftrace-dead ]] || complain "functions are still traced: $functions"

if [[ -e /sys/fs/bpf/klpx/maps/klp_counters ]]; then
  lost=$("$(dirname "$0")/lost_records.py")
  [[ $lost == 0 ]] || complain "$lost events or records were lost"
fi

running=$(pgrep -af '^/opt/klpx/workloads/' || true)
[[ -z $running ]] || complain "still running: $running"
exit $status
