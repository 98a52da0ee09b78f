# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# klp-controller serve, and a snapshot made from the output of the verbs, like the
# daemon's. Sourced after cli.sh.

export SNAPSHOT=/run/klpx/snapshot.json
export SERVE_URL=http://127.0.0.1:14917

probe() { python3 "$(dirname "${BASH_SOURCE[0]}")/http_probe.py" "$@"; }

# Members of group klpx may read the snapshot.
add_group() { grep -q ^klpx: /etc/group || echo klpx:x:990: >>/etc/group; }

# The documents are passed in files: they are too long for a command line.
write_snapshot() {
  local parts uptime
  parts=$(mktemp -d)
  klp-controller -j status >"$parts/status"
  klp-controller -j list --functions >"$parts/list"
  klp-controller -j -v blocking >"$parts/blocking"
  klp-controller -j history -n 100 >"$parts/history"
  mkdir -p /run/klpx
  # The snapshot's time is now, however long the verbs took.
  read -r uptime _ </proc/uptime
  jq -n --argjson ns "${uptime/./}0000000" --slurpfile s "$parts/status" --slurpfile l "$parts/list" \
    --slurpfile b "$parts/blocking" --slurpfile h "$parts/history" \
    '($b[0] | {host, boot_id, kernel, time}) +
     {monotonic_ns: $ns, schema: "klp.snapshot.v1", status: $s[0], list: $l[0], blocking: $b[0],
      history: $h[0], errors: {},
      daemon: {version: "test", pid: 1, started: $b[0].time,
               interval_ms: 1000}}' >$SNAPSHOT.new
  chgrp klpx $SNAPSHOT.new
  chmod 0640 $SNAPSHOT.new
  mv $SNAPSHOT.new $SNAPSHOT
  rm -r "$parts"
}

# start_serve [FLAG]...: started as root, which it drops; sets SERVE_PID.
start_serve() {
  klp-controller serve "$@" 2>>/tmp/serve.log &
  SERVE_PID=$!
  wait_for "the server to answer" answers /
}

# http PATH [PORT]: header and body. Called in loops, so it starts no interpreter.
http() {
  local fd
  exec {fd}<>"/dev/tcp/127.0.0.1/${2:-14917}" || return 1
  printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$1" >&"$fd"
  cat <&"$fd"
  exec {fd}>&-
}

# at_socket PATH [HOST]: header and body, from the unix socket.
at_socket() { probe local /run/klpx/web.sock "$@"; }
answers_at_socket() { [[ $(at_socket "$1" 2>/dev/null) == "HTTP/1.1 200"* ]]; }

answers() { [[ $(http "$1" 2>/dev/null) == "HTTP/1.1 200"* ]]; }

stop_serve() {
  kill -s "${1:-TERM}" "$SERVE_PID" 2>/dev/null || true
  wait "$SERVE_PID" 2>/dev/null || true
}

# ask PATH [HEADER]...: sets OUT, to be read with json_get.
ask() { OUT=$(probe get "$SERVE_URL$1" "${@:2}") || fail "GET $1: $OUT"; }

# status_of PATH [HEADER]...
status_of() { probe status "$SERVE_URL$1" "${@:2}"; }

health_is() { [[ $(http /healthz 2>/dev/null) == *"\"snapshot\": \"$1\""* ]]; }

# age_snapshot OF: serves the contents of file OF as a stale snapshot. A guest that
# has been up for less than a minute has no time before its boot.
age_snapshot() {
  jq -c '.monotonic_ns |= ([. - 60000000000, 1] | max)' "$1" >/tmp/stale
  cat /tmp/stale >$SNAPSHOT
  wait_for "stale" health_is stale
}

# A snapshot ages while a slow guest starts programs, so each look rewrites it.
is_seen() { write_snapshot && health_is fresh; }
