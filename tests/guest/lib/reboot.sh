# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A disk that survives a reboot, and two ways to end a boot: like a crash, at once
# and without writing what was not flushed; or in order. Sourced after klpx.sh by
# tests with '# vm: boots=N disk=MB'.

# state_disk: mounts the disk at /var/lib/klpx; the first boot formats it.
state_disk() {
  modprobe virtio_blk
  modprobe ext4
  wait_for "the disk" test -b /dev/vda
  [[ $KLPX_BOOT != 1 ]] || mkfs.ext4 -q /dev/vda
  mkdir -p /var/lib/klpx
  mount /dev/vda /var/lib/klpx
  chmod 0750 /var/lib/klpx
}

# Resets the machine; does not return.
reset_machine() {
  touch "$KLPX/.vm/reset"
  echo b >/proc/sysrq-trigger
  sleep infinity
}

# reboot_in_order: like 'systemctl reboot' in a guest with systemd, which ends
# this test; does not return.
reboot_in_order() {
  touch "$KLPX/.vm/reset"
  systemctl reboot
  sleep infinity
}

# end_state_disk: called in the last boot.
end_state_disk() { umount /var/lib/klpx; }
