#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Process 1 of a guest becomes systemd, on a machine where klpx is installed
# below /usr/local, as packaging/CMakeLists.txt does it, restore and daemon
# enabled. The command of the guest is its last service. Run by
# tests/vm/guest/init.
set -euo pipefail

KLPX=/opt/klpx
UNITS=/etc/systemd/system

# Services that are of no use in a guest without disks, consoles and users.
IDLE=(cryptsetup.target integritysetup.target veritysetup.target remote-fs.target
  dev-hugepages.mount dev-mqueue.mount sys-fs-fuse-connections.mount
  sys-kernel-config.mount proc-sys-fs-binfmt_misc.automount kmod-static-nodes.service
  systemd-binfmt.service systemd-firstboot.service systemd-machine-id-commit.service
  systemd-pcrphase-sysinit.service systemd-pcrphase.service systemd-pstore.service
  systemd-random-seed.service systemd-repart.service systemd-timesyncd.service
  systemd-update-utmp.service systemd-ask-password-console.path)

install_module() {
  local modules work=/run/klpx-modules
  modules=/lib/modules/$(uname -r)
  mkdir -p $work/{upper,work}
  mount -t overlay -o "lowerdir=$modules,upperdir=$work/upper,workdir=$work/work" \
    overlay "$modules"
  mkdir -p "$modules/extra"
  cp $KLPX/klpx.ko "$modules/extra/"
}

install_klpx() {
  cp $KLPX/bin/klp-controller /usr/local/sbin/
  cp -r $KLPX/installed/. /usr/local/
  journalctl --update-catalog
  systemctl --root=/ --quiet enable klpx-restore klpx-daemon klpx-settle.timer
}

# If the guest has a disk, the state survives a reset.
mount_state() {
  modprobe -a virtio_blk ext4 || true
  [[ -b /dev/vda ]] || return 0
  mkdir -p /var/lib/klpx
  mount /dev/vda /var/lib/klpx 2>/dev/null || {
    mkfs.ext4 -q /dev/vda
    mount /dev/vda /var/lib/klpx
  }
}

add_command() {
  cat >$UNITS/klpx-vm.service <<'UNIT'
[Unit]
Description=The command of this guest
Requires=basic.target
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/bash /opt/klpx/.vm/init command
UNIT
  cat >$UNITS/klpx-vm.target <<'UNIT'
[Unit]
Description=A guest with a command
Requires=klpx-vm.service multi-user.target
UNIT
  # Hide what was installed on the host.
  rm -rf $UNITS/{multi-user,sysinit,timers,getty}.target.wants
  ln -s /dev/null $UNITS/getty.target
  for unit in "${IDLE[@]}"; do
    ln -sf /dev/null "$UNITS/$unit"
  done
}

rm -f /.dockerenv # the host's; this is not a container
add_command
install_module
install_klpx
mount_state
exec /lib/systemd/systemd --unit=klpx-vm.target --show-status=no \
  --log-target=kmsg --log-level=notice
