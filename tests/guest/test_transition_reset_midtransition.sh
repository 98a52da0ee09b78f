#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: boots=2 disk=64 timeout=600
# The machine is reset while an accepted patch is being enabled: in the next
# boot the history is intact and says so, restore loads the other patch, and the
# guard says why it does not load this one.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/history.sh
. "$(dirname "$0")/lib/history.sh"
# shellcheck source=tests/guest/lib/reboot.sh
. "$(dirname "$0")/lib/reboot.sh"

A=klpx_demo_cmdline
B=klpx_test_waits

blocker_recorded() {
  json 0 klp.history/v1 history --patch $B -n 1
  [[ $(newest "['blocked'] | length") == 1 ]]
}

first_boot() {
  insmod klpx_test_device.ko
  cli 0 enable $A.ko
  cli 0 enable $B.ko
  cli 0 accept $A
  cli 0 accept $B
  cli 0 unload $B
  start_sleeper killable
  cli 0 enable --no-wait $B.ko
  only_pending $B 1
  klp-controller wait $B & # records blockers once a second
  wait_for "a blocker in the history" blocker_recorded
  reset_machine
}

second_boot() {
  expect_eq "integrity" ok "$(python3 -c "import sqlite3
print(sqlite3.connect('$HISTORY').execute('PRAGMA integrity_check').fetchone()[0])")"
  json 0 klp.history/v1 history --patch $B -n 1
  wanted "['outcome']" interrupted
  wanted "['blocked'][0]['comm']" cat
  json 6 klp.restore/v1 restore
  expect_eq "results" "$A enabled $B skipped" \
    "$(jq -r '[.patches[] | .name, .result] | join(" ")' <<<"$OUT")"
  expect_eq "$A" "this has been live patched" "$(</proc/cmdline)"
  is_loaded $B && fail "$B is loaded"
  cli 0 status
  says "note: $B: not loaded at boot: it was being enabled"
  json 0 klp.history/v1 history --patch $B -n 1
  cli 0 explain "$(newest "['id']")"
  says "interrupted" "at boot: not loaded: it was being enabled"

  note "until the operator decides otherwise"
  insmod klpx_test_device.ko
  cli 0 restore --retry $B
  cli 0 unload $B
  cli 0 unload $A
  rmmod klpx_test_device
  cli 0 unload klpx
  end_state_disk
}

state_disk
case $KLPX_BOOT in
  1) first_boot ;;
  2) second_boot ;;
esac
