# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A real-time task that lets no other task run on its CPU. Sourced after klpx.sh
# and workloads.sh.

HOG_PRIORITY=50

# Disables what the kernel does to let other tasks run in spite of a hog, and the
# watchdog that would complain. It is not restored: the machine is not reused.
lift_limits() {
  local file=/proc/sys/kernel/sched_rt_runtime_us
  [[ $(<$file) == -1 ]] || echo -1 >$file
  for file in /sys/kernel/debug/sched/fair_server/cpu*/runtime \
    /sys/module/workqueue/parameters/watchdog_thresh; do
    [[ ! -w $file || $(<"$file") == 0 ]] || echo 0 >"$file"
  done
}

ticks_of() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
runs_on() { [[ $(awk '{ print $39 }' "/proc/$1/stat") == "$2" ]]; }

# start_hog CPU POLICY: sets HOG.
start_hog() {
  lift_limits
  start_workload taskset -c "$1" chrt "$2" $HOG_PRIORITY "$WORKLOADS/spin"
  HOG=$PID
  wait_for "hog to run on CPU $1" is_hog_on "$1"
  HOG_TICKS=$(ticks_of "$HOG")
}
# False while it is still one of the programs that start it.
is_hog_on() { [[ $(<"/proc/$HOG/comm") == spin ]] && runs_on "$HOG" "$1"; }

end_hog() {
  expect_more "ticks of the hog" "$HOG_TICKS" "$(ticks_of "$HOG")"
  stop_workload "$HOG"
}
