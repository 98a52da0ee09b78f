#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=3600 long=1
# The CLI is killed before each of its steps, in an enable, a reverse, a force,
# with a daemon beside it. After it is run again, everything is as after an
# undisturbed run: sysfs, what the functions return, the history.
# shellcheck source=tests/guest/lib/crash.sh
. "$(dirname "$0")/lib/crash.sh"

W=klpx_test_waits
VERSION=$(</proc/version)

# klp STEP VERB...: a CLI that is killed; sets STATUS.
klp() {
  /tmp/kill_at "$1" klp-controller -q "${@:2}" 2>/dev/null || STATUS=$?
}

nothing() { :; }
in_transition() {
  cli 0 enable --no-wait $W.ko
  only_pending $W 1
}

enable() { klp "$1" enable $W.ko; }
enable_again() {
  cli 0 enable $W.ko
  expect_eq "enabled" "1 0" "$(attr $W enabled) $(attr $W transition)"
  compare klpx_test_waits 'del(.blocked)'
}

# Running reverse twice would reverse the transition twice. The patch may
# disappear at any moment.
reverse() { klp "$1" reverse $W; }
is_turned_to() { [[ $(cat $SYS/$W/enabled 2>/dev/null) == "$1" ]]; }
reverse_again() {
  ! is_turned_to 1 || cli 0 reverse $W
  await_gone $W
  compare "$VERSION" .
}

force() { klp "$1" force --i-understand $W; }
force_again() {
  has_settled $W || cli 0 force --i-understand $W
  await $W
  compare klpx_test_waits 'del(.blocked)'
}

# compare SHOWN FILTER: with the undisturbed run.
compare() {
  expect_eq "/proc/version, killed at $STEP" "$1" "$(</proc/version)"
  [[ -n $WANTED ]] || WANTED=$(shape | jq -c "$2")
  wait_for "killed at $STEP: $WANTED" shape_is "$2"
  cli 0 unload $W
}
shape_is() { [[ $(shape | jq -c "$1") == "$WANTED" ]]; }

# try PREPARE VERB
try() {
  note "$2"
  WANTED='' STEP=0 STATUS=0
  "$1"
  "$2" 0
  expect_eq "exit code of an undisturbed $2" 0 "$STATUS"
  "$2_again"
  note "undisturbed: $WANTED"
  for_steps "$1" "$2" "$2_again"
}

load_klpx
load_patch klpx_test_device
start_daemon
try nothing enable
start_sleeper killable
try in_transition reverse
try in_transition force
expect_all_recorded

echo 1 >/dev/klpx_killable
wait "$SLEEPER"
end_daemon TERM
unload klpx_test_device
cli 0 unload klpx
