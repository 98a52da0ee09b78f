# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# klp-controller daemon and its messages. Sourced after cli.sh and workloads.sh.

SNAPSHOT=/run/klpx/snapshot.json
POLICY=/etc/klpx/policy.toml
mkdir -p /etc/klpx

policy() { cat >$POLICY; }

# of_snapshot FILTER: applies a filter of jq. Prints nothing without a snapshot.
of_snapshot() { jq -rc "$1" $SNAPSHOT 2>/dev/null || true; }
snapshot_says() { [[ $(of_snapshot "$1") == "$2" ]]; }

# start_daemon: waits until it is at work; sets DAEMON.
start_daemon() {
  start_daemon_under env
  await_snapshot .daemon.pid "$DAEMON"
}

# start_daemon_under COMMAND...: started by COMMAND; sets DAEMON, does not wait.
start_daemon_under() {
  start_workload "$@" klp-controller daemon
  DAEMON=$PID
}

await_snapshot() { wait_for "$1 of the snapshot to be $2" snapshot_says "$1" "$2"; }

# end_daemon [SIGNAL]: sets WORKLOAD_STATUS.
end_daemon() { stop_workload "$DAEMON" "${1:-TERM}"; }

is_dead() { ! kill -0 "$1" 2>/dev/null; }

# listen_at SOCKET FILE: writes what is sent there, one JSON string per line.
listen_at() {
  start_workload "$(dirname "${BASH_SOURCE[0]}")/listen.py" "$1" "$2"
  wait_for "listener at $1" test -S "$1"
}

# listen_as_systemd: records what the daemons send from now on: $TOLD has the
# messages to the service manager, $LOG those to the journal.
listen_as_systemd() {
  export TOLD=/tmp/told LOG=/tmp/journal
  mkdir -p /run/systemd/journal
  listen_at /run/systemd/journal/socket $LOG
  listen_at /tmp/notify.socket $TOLD
}

# was_told FILE TEXT
was_told() { grep -qF -- "$2" "$1"; }
