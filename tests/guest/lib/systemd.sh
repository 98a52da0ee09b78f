# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Units, in a guest with systemd as process 1 ('# vm: systemd=1'). Sourced after
# daemon.sh.

unit_has() { [[ $(systemctl show --value -p "$2" "$1") == "$3" ]]; }
unit_says() { [[ $(systemctl show --value -p "$2" "$1") == *"$3"* ]]; }
# await_unit UNIT PROPERTY VALUE
await_unit() {
  (wait_for "$2 of $1 to be '$3'" unit_has "$@") || {
    journalctl -q --no-pager -u "$1" >&2
    exit 1
  }
}
main_pid() { systemctl show --value -p MainPID klpx-daemon; }
# told FIELD VALUE...: the journal has such an entry from the daemon.
told() { [[ -n $(journalctl -q -u klpx-daemon -o json "$@") ]]; }
came_back() { (($(main_pid) && $(main_pid) != $1)); }

# goes_on OLD PATCH: a new daemon has taken over the transition from OLD.
goes_on() {
  wait_for "the daemon to be back" came_back "$1"
  await_unit klpx-daemon ActiveState active
  await_snapshot .daemon.pid "$(main_pid)"
  await_snapshot .status.in_transition "$2"
  only_pending "$2" 1
}

# since UNIT: when it was reached, in us since boot.
since() { systemctl show --value -p ActiveEnterTimestampMonotonic "$1"; }
