# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A disk that lasts, and the end of a boot: as a crash is, at once, with nothing
# written that was not flushed, or in order. Sourced after klpx.sh by tests with
# '# vm: boots=N disk=MB'.

# state_disk: /var/lib/klpx is on the disk, which is formatted in the first boot.
state_disk() {
  modprobe virtio_blk
  modprobe ext4
  wait_for "the disk" test -b /dev/vda
  [[ $KLPX_BOOT != 1 ]] || mkfs.ext4 -q /dev/vda
  mkdir -p /var/lib/klpx
  mount /dev/vda /var/lib/klpx
  chmod 0750 /var/lib/klpx
}

# The machine is reset from here on; does not return.
reset_machine() {
  touch "$KLPX/.vm/reset"
  echo b >/proc/sysrq-trigger
  sleep infinity
}

# reboot_in_order: as 'systemctl reboot' does it, in a guest of systemd, which
# ends this test; does not return.
reboot_in_order() {
  touch "$KLPX/.vm/reset"
  systemctl reboot
  sleep infinity
}

# end_state_disk: for the last boot.
end_state_disk() { umount /var/lib/klpx; }
