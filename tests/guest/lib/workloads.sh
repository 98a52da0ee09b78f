# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Programs and modules that keep a transition waiting. Sourced after klpx.sh.

WORKLOADS=$KLPX/workloads

# start_workload COMMAND...: runs it in the background until the end of the test
# at most; sets PID.
PIDS=()
start_workload() {
  "$@" <&0 & # explicit, or bash would connect stdin to /dev/null
  PID=$!
  PIDS+=("$PID")
}

# stop_workload PID [SIGNAL]: sets WORKLOAD_STATUS.
stop_workload() {
  kill -s "${2:-KILL}" "$1" 2>/dev/null || true
  WORKLOAD_STATUS=0
  wait "$1" 2>/dev/null || WORKLOAD_STATUS=$?
}

# end_storm PID: a storm that has not failed ends with 0.
end_storm() {
  stop_workload "$1" TERM
  expect_eq "exit status of workload $1" 0 "$WORKLOAD_STATUS"
}

kill_workloads() {
  ((${#PIDS[@]} == 0)) || kill -KILL "${PIDS[@]}" 2>/dev/null || true
}
trap kill_workloads EXIT

# The number of threads that counts as many. Fewer on a debug kernel, where each
# thread takes far longer.
export MANY=20000
[[ ! -e /sys/kernel/debug/kmemleak ]] || MANY=2000

# start_crowd COUNT: COUNT threads that sleep in pause(), besides the one that has
# started them; sets CROWD.
start_crowd() {
  local ready
  ready=$(mktemp)
  echo 65536 >/proc/sys/kernel/pid_max
  echo 60000 >/proc/sys/kernel/threads-max
  start_workload "$WORKLOADS/sleepers" "$1" >"$ready"
  CROWD=$PID
  wait_for "$1 threads" grep -qx ready "$ready"
}

# start_zombies COUNT: COUNT processes that have exited; sets ZOMBIES.
start_zombies() {
  local ready
  ready=$(mktemp)
  start_workload "$WORKLOADS/zombies" "$1" >"$ready"
  ZOMBIES=$PID
  wait_for "$1 zombies" grep -qx ready "$ready"
}

# start_reader: a reader of an eventfd; sets READER_TID. Use give_reader N, then
# next_read.
start_reader() {
  local pipes
  pipes=$(mktemp -d)
  mkfifo "$pipes/in" "$pipes/out"
  # Both ends in one descriptor: opening one end would wait for the other.
  exec {READER_IN}<>"$pipes/in" {READER_OUT}<>"$pipes/out"
  rm -r "$pipes"
  start_workload "$WORKLOADS/eventfd_reader" <&"$READER_IN" >&"$READER_OUT"
  READER_PID=$PID
  READER_TID=$(next_read)
  READER_TID=${READER_TID#tid }
  wait_for "reader to sleep" sleeps_in "$READER_TID" eventfd_read
}

give_reader() { echo "$1" >&"$READER_IN"; }

next_read() {
  local line
  read -r -t "$WAIT_SECONDS" -u "$READER_OUT" line || fail "the reader is silent"
  printf '%s' "$line"
}

stop_reader() {
  stop_workload "$READER_PID"
  exec {READER_IN}>&- {READER_OUT}>&-
}

# sleeps_in TID FUNCTION: FUNCTION is on the task's stack. /proc does not show
# the functions of the scheduler, wait_for_completion() among them.
sleeps_in() { grep -q "\b$2\b" "/proc/$1/stack" 2>/dev/null; }

state_of() { awk '/^State:/ { print $2 }' "/proc/$1/status"; }

# start_sleeper HOW: cat sleeps in wait_for_completion_HOW(); sets SLEEPER.
start_sleeper() {
  start_workload cat "/dev/klpx_$1"
  SLEEPER=$PID
  wait_for "sleeper to sleep" sleeps_in "$SLEEPER" "$1_read"
}

# kthread_tid NAME
kthread_tid() { pgrep -x "$1" || fail "no kernel thread $1"; }

pending_is() { [[ $(attr "$1" pending) == "$2" ]]; }

# only_pending NAME COUNT: waits until all but COUNT tasks have switched.
only_pending() {
  wait_for "$2 pending tasks of $1" pending_is "$1" "$2"
  expect_eq "$1/transition with $2 tasks pending" 1 "$(attr "$1" transition)"
}

# The preemption mode. Some kernels can change it, others are built for one.
PREEMPT=/sys/kernel/debug/sched/preempt
preempt_mode() {
  local said
  if [[ -e $PREEMPT ]]; then
    sed 's/.*(\(.*\)).*/\1/' $PREEMPT
  else
    case $(</proc/version) in
      *" PREEMPT_LAZY "*) echo lazy ;;
      *" PREEMPT "*) echo full ;;
      *" PREEMPT_DYNAMIC "*)
        said=$(dmesg | sed -n 's/.*Dynamic Preempt: //p' | tail -n 1)
        echo "${said:-unknown}"
        ;;
      *) echo voluntary ;;
    esac
  fi
}
# set_preempt MODE: false if this kernel has no such mode.
set_preempt() {
  [[ $1 == "$(preempt_mode)" ]] || echo "$1" 2>/dev/null >$PREEMPT
}
