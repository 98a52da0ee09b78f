# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# klp-controller serve, and a snapshot made of what the verbs say, as the daemon
# makes it. Sourced after cli.sh.

export SNAPSHOT=/run/klpx/snapshot.json
export SERVE_URL=http://127.0.0.1:14917

probe() { python3 "$(dirname "${BASH_SOURCE[0]}")/http_probe.py" "$@"; }

# Whoever is in group klpx may read the snapshot.
add_group() { grep -q ^klpx: /etc/group || echo klpx:x:990: >>/etc/group; }

# The documents go through files: they are too long for a command line.
write_snapshot() {
  local parts
  parts=$(mktemp -d)
  klp-controller -j status >"$parts/status"
  klp-controller -j list --functions >"$parts/list"
  klp-controller -j -v blocking >"$parts/blocking"
  klp-controller -j history -n 100 >"$parts/history"
  mkdir -p /run/klpx
  jq -n --slurpfile s "$parts/status" --slurpfile l "$parts/list" \
    --slurpfile b "$parts/blocking" --slurpfile h "$parts/history" \
    '($b[0] | {host, boot_id, kernel, time, monotonic_ns}) +
     {schema: "klp.snapshot.v1", status: $s[0], list: $l[0], blocking: $b[0],
      history: $h[0], errors: {},
      daemon: {version: "test", pid: 1, started: $b[0].time,
               interval_ms: 1000}}' >$SNAPSHOT.new
  chgrp klpx $SNAPSHOT.new
  chmod 0640 $SNAPSHOT.new
  mv $SNAPSHOT.new $SNAPSHOT
  rm -r "$parts"
}

# start_serve [FLAG]...: as root, which it gives up; sets SERVE_PID.
start_serve() {
  klp-controller serve "$@" 2>>/tmp/serve.log &
  SERVE_PID=$!
  wait_for "the server to answer" answers /
}

answers() { probe get "$SERVE_URL$1" >/dev/null 2>&1; }

stop_serve() {
  kill -s "${1:-TERM}" "$SERVE_PID" 2>/dev/null || true
  wait "$SERVE_PID" 2>/dev/null || true
}

# ask PATH [HEADER]...: sets OUT, to be read with json_get.
ask() { OUT=$(probe get "$SERVE_URL$1" "${@:2}") || fail "GET $1: $OUT"; }

# status_of PATH [HEADER]...
status_of() { probe status "$SERVE_URL$1" "${@:2}"; }

health_is() { probe get "$SERVE_URL/healthz" 2>/dev/null | jq -e ".snapshot == \"$1\"" >/dev/null; }

# A snapshot ages while a slow guest starts programs: written anew with each look.
is_seen() { write_snapshot && health_is fresh; }
