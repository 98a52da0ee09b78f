#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=3600 long=1
# The daemon is killed before each of its steps while it reverses, and while it
# forces; the next one finishes. Everything is as after an undisturbed run:
# sysfs, what the functions return, the history.
# shellcheck source=tests/guest/lib/crash.sh
. "$(dirname "$0")/lib/crash.sh"

W=klpx_test_waits
VERSION=$(</proc/version)
SETTLE_SECONDS=2 # for the steps after the end of a transition

deadline() {
  policy <<<"[default]
do = \"leave\"
[deadline]
after = \"1s\"
then = \"$1\"
force = [\"$W\"]"
}

# In both cases the CLI only starts the transition; one task blocks it.
start() {
  cli 0 enable --no-wait --allow-force $W.ko
  only_pending $W 1
}
is_over() { is_dead "$DAEMON" || is_gone $W || has_settled $W; }

# daemon STEP
daemon() {
  start_daemon_under /tmp/kill_at "$1"
  wait_for "the daemon to act or to be dead" is_over
  is_dead "$DAEMON" || pause $SETTLE_SECONDS
  ! is_dead "$DAEMON" || STATUS=$KILLED
  end_daemon KILL
}

shape_is() { [[ $(shape) == "$1" ]]; }

# finish: starts another daemon if the first was killed; compares, cleans up.
finish() {
  [[ $STATUS != "$KILLED" ]] || start_daemon
  wait_for "the end of the transition" "$ENDED" $W
  expect_eq "/proc/version, killed at $STEP" "$SHOWS" "$(</proc/version)"
  if [[ -z $WANTED ]]; then
    wait_for "the history to be settled" settled_with "$EVENT"
    WANTED=$(shape)
    note "undisturbed: $WANTED"
  fi
  wait_for "killed at $STEP: $WANTED" shape_is "$WANTED"
  end_daemon KILL
  cli 0 unload $W
}
settled_with() { [[ $(shape) == *"\"$1\""* ]]; }

# act THEN ENDED SHOWS EVENT
act() {
  deadline "$1"
  ENDED=$2 SHOWS=$3 EVENT=$4 WANTED='' STEP=0 STATUS=0
  start
  start_daemon
  finish
  for_steps start daemon finish
}

load_klpx
load_patch klpx_test_device
start_sleeper killable

note "reverse"
act reverse is_gone "$VERSION" reverse
note "force"
act force has_settled $W force
expect_all_recorded
touch /run/klpx/.snapshot.json.killed
start_daemon
[[ ! -e /run/klpx/.snapshot.json.killed ]] || fail "a stray temporary is left"
end_daemon TERM

echo 1 >/dev/klpx_killable
wait "$SLEEPER"
unload klpx_test_device
cli 0 unload klpx
