#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: systemd=1 boots=2 disk=64 timeout=900
# klpx-restore under systemd: an accepted patch is enabled before the network is
# up, also if the machine was rebooted in order right after the patch was
# enabled; stopping the unit disables nothing.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/history.sh
. "$(dirname "$0")/lib/history.sh"
# shellcheck source=tests/guest/lib/daemon.sh
. "$(dirname "$0")/lib/daemon.sh"
# shellcheck source=tests/guest/lib/systemd.sh
. "$(dirname "$0")/lib/systemd.sh"
# shellcheck source=tests/guest/lib/reboot.sh
. "$(dirname "$0")/lib/reboot.sh"

P=klpx_demo_cmdline

# The machine has survived after two minutes, which are soon over on a slow one.
settled_or_marked() {
  local uptime began lived mark=/var/lib/klpx/attempts/$P
  read -r uptime _ </proc/uptime
  read -r _ began _ <$STATS/recent
  lived=$((${uptime%.*} - began / 1000000000))
  if ((lived < 90)); then # not 120: the mark is older than the transition
    [[ -e $mark ]] || fail "no mark"
  elif ((lived >= 120)); then
    klp-controller -q restore --settle
    [[ ! -e $mark ]] || fail "the mark is still there"
  fi
}

first_boot() {
  expect_eq "restore, nothing accepted" "inactive no" \
    "$(systemctl show --value -p ActiveState -p ConditionResult klpx-restore | xargs)"
  cli 0 enable $P.ko
  cli 0 accept $P
  cli 0 disable $P
  cli 0 enable $P.ko # an accepted patch: the guard sets a mark
  [[ -e /var/lib/klpx/attempts/$P ]] || fail "no mark"
  expect_eq "klpx-shutdown" active "$(systemctl is-active klpx-shutdown)"
  ! systemctl stop klpx-shutdown || fail "klpx-shutdown can be stopped by hand"
  [[ -e /var/lib/klpx/attempts/$P ]] || fail "the mark was removed by hand"
  reboot_in_order
}

second_boot() {
  note "restored before the network, and left enabled when restore is stopped"
  await_unit klpx-restore ActiveState active
  expect_eq "$P" "this has been live patched" "$(</proc/cmdline)"
  (($(since klpx-restore) <= $(since network-pre.target))) || fail "the network was up first"
  (($(since klpx-restore) <= $(since sysinit.target))) || fail "sysinit was reached first"
  await_unit klpx-daemon ActiveState active
  await_snapshot '.list.patches[0].name' $P
  json 0 klp.history/v1 history --patch $P -n 1
  wanted "['initiator']['by']" boot
  systemctl stop klpx-restore
  expect_eq "$P, stopped" "this has been live patched" "$(</proc/cmdline)"

  note "the guard's mark stays until the machine has survived with the patch"
  await_unit klpx-settle.timer ActiveState active
  systemctl start klpx-settle
  expect_eq "settle" success "$(systemctl show --value -p Result klpx-settle)"
  settled_or_marked
  systemctl stop klpx-daemon
  cli 0 unload $P
  cli 0 unload klpx
}

if [[ $KLPX_BOOT == 1 ]]; then first_boot; else second_boot; fi
