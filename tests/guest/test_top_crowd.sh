#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: memory=4096 timeout=600
# top with 20,000 blocking tasks: it counts them all, and handles keys while it
# reads them. The test prints its CPU time.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/top.sh
. "$(dirname "$0")/lib/top.sh"
# shellcheck source=tests/guest/lib/through.sh
. "$(dirname "$0")/lib/through.sh"

THREADS=$MANY

# cpu_of PID: its CPU time so far, in hundredths of a second.
cpu_of() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

load_klpx
mkdir -p /etc/klpx
printf '[default]\ndo = "leave"\n' >/etc/klpx/policy.toml
cli 0 policy apply
start_crowd $THREADS
load_patch $THROUGH funcs=__x64_sys_pause

start_terminal
start_top
ALL=$((THREADS + 1)) # the first thread sleeps, too
shows "blocking: $ALL on-function" "sleepers"
keys g
shows "group function" "+ $ALL tasks"
keys g g
shows "group process" "+ $ALL tasks"
keys g g
shows "group none"
keys /
keys "$CROWD" Enter
shows "of $ALL"
keys / Escape
keys End
TOP=$(pgrep -x klp-controller)
before=$(cpu_of "$TOP")
pause 10
used=$(($(cpu_of "$TOP") - before))
note "top has used $used hundredths of a second of CPU in 10 s"
photograph "a crowd"
keys X
shows "y/n"
keys y
wait_for "all to be switched" has_settled $THROUGH
shows "patching complete"
quit_top
end_terminal

start_disable $THROUGH
write_attr $THROUGH signal 1
await_gone $THROUGH
unload $THROUGH
stop_workload "$CROWD"
rm /etc/klpx/policy.toml
cli 0 unload klpx
