#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# The tracers of tracefs and plain ftrace_ops on a patched function: attached
# first, second, or during the transition. The table is in docs/COEXISTENCE.md.
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
refused ops_ipmodify
for kind in ops function function_graph; do accepted $kind; done
fast_path function_graph ok
fast_path ops_ipmodify EBUSY
note "a task asleep in the function"
asleep_start
for kind in ops function function_graph; do asleep $kind uninterruptible; done
bystander function_graph
asleep_end
coexist_end
