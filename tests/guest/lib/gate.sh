# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A policy with a health check, and what the history says about it. Sourced after
# cli.sh and history.sh.

mkdir -p /etc/klpx
PORT=8080

# health_for TIME LINE...: writes [health] of the policy. health LINE...: a short
# gate.
health_for() {
  printf '%s\n' '[health]' "watch = \"$1\"" 'every = "1s"' "${@:2}" \
    >/etc/klpx/policy.toml
}
health() { health_for 2s "$@"; }

# once_in PATCH: waits until it is enabled.
once_in() { wait_for "$1 to be enabled" is_in "$1"; }
is_in() { [[ -d $SYS/$1 ]] && [[ $(attr "$1" enabled) == 1 ]] && has_settled "$1"; }

# gate_event KIND: the text of that event in the newest transition that has one.
gate_event() {
  json 0 klp.history/v1 history
  jq -r --arg kind "$1" \
    '[.transitions[].events[] | select(.kind == $kind)][0].text // ""' <<<"$OUT"
}

# gate_says KIND TEXT
gate_says() {
  local text
  text=$(gate_event "$1")
  [[ $text == *"$2"* ]] || fail "history, $1: wanted '$2', got '$text'"
}

# fails_for PATCH TEXT: an enable whose gate fails; the patch is disabled.
fails_for() {
  note "fails: $2"
  cli 7 enable "$1.ko"
  expect_says "enable" "health check failed: $2"
  await_gone "$1"
  gate_says gate-failing "$2"
  cli 0 unload "$1"
}

# answer STATUS|hang: a server on PORT; end_answer ends it.
answer() {
  local line
  coproc SERVER { exec "$KLPX/guest/lib/http_answer.py" "$PORT" "$1"; }
  read -r line <&"${SERVER[0]}"
  expect_eq "server" up "$line"
}
end_answer() {
  # shellcheck disable=SC2153 # set by coproc
  kill "$SERVER_PID"
  wait "$SERVER_PID" || true
}
