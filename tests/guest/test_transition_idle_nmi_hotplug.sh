#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: cpus=4 timeout=600
# Functions of the idle loop, of CPUs going offline, when RCU no longer watches
# them, and of the NMI handler are patched, reversed, unpatched and freed, while
# CPUs go offline and online and an NMI hits one after the other.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/through.sh
. "$(dirname "$0")/lib/through.sh"

TURNS=5
NMI=klpx_test_nmi
CPUS=/sys/devices/system/cpu

IDLE=$(traceable tick_nohz_idle_enter tick_nohz_idle_exit arch_cpu_idle_enter \
  tick_nohz_idle_stop_tick)
OFFLINE=$(traceable idle_task_exit arch_cpu_idle_dead)
# Called for every NMI; the compiler may have split the second one.
NMI_PATH=$(traceable nmi_cpu_backtrace_handler nmi_handle.part.0)
HELD=tick_nohz_idle_enter,tick_nohz_idle_exit,$OFFLINE,nmi_cpu_backtrace_handler
HELD+=,wait_for_completion_killable
for name in tick_nohz_idle_enter idle_task_exit nmi_cpu_backtrace_handler; do
  [[ ,$IDLE,$OFFLINE,$NMI_PATH, == *,$name,* ]] || fail "cannot trace $name"
done

handled() { echo "$(</sys/module/$NMI/parameters/handled)"; }
has_handled() { (($(handled) > $1)); }

# Takes all CPUs but the first offline and online again, until told to stop.
hotplug() {
  local cpu
  while [[ ! -e /tmp/stop ]]; do
    for cpu in 1 2 3; do
      echo 0 >$CPUS/cpu$cpu/online && echo offline
      echo 1 >$CPUS/cpu$cpu/online
    done
  done
}

load_klpx
load_patch klpx_test_device
start_sleeper killable

note "idle: $IDLE"
in_and_out "$IDLE" "$HELD" $TURNS

note "NMI: $NMI_PATH"
load_patch $NMI
in_and_out "$NMI_PATH" "$HELD" $TURNS

note "CPU hotplug: $OFFLINE"
hotplug >/tmp/hotplug &
HOTPLUG=$!
nmis=$(handled)
in_and_out "$OFFLINE,$IDLE" "$HELD" $TURNS
wait_for "NMIs meanwhile" has_handled "$nmis"

note "CPU hotplug, and the machine is stopped"
for ((n = 0; n < ROUNDS; n++)); do
  enable_patch klpx_test_version1 stop_machine=1
  expect_eq "/proc/version" klpx_test_version1 "$(</proc/version)"
  disable_patch klpx_test_version1
done
touch /tmp/stop
wait $HOTPLUG
note "$(wc -l </tmp/hotplug) times a CPU went offline"
expect_more "CPUs that went down" "$ROUNDS" "$(wc -l </tmp/hotplug)"
expect_eq "CPUs online" 0-3 "$(<$CPUS/online)"
unload $NMI

echo 1 >/dev/klpx_killable
wait "$SLEEPER"
unload klpx_test_device
unload_klpx
