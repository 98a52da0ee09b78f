# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# How a guest test checks, waits and fails. Sourced by lib/klpx.sh.

# With all checkers enabled a kernel takes several times as long for everything.
is_slow() { [[ $(</proc/sys/kernel/osrelease) == *-klpx-debug ]]; }

# A deadline: longer than anything takes under TCG on a loaded host.
WAIT_SECONDS=60
! is_slow || WAIT_SECONDS=400

note() { printf '# %s\n' "$*"; }

fail() {
  printf 'FAIL: %s\n' "$*" >&2
  dump_state >&2
  exit 1
}

# expect_eq WHAT WANTED ACTUAL
expect_eq() {
  [[ $2 == "$3" ]] || fail "$1: wanted '$2', got '$3'"
}

# expect_more WHAT OLD NEW: a counter has grown.
expect_more() {
  (($3 > $2)) || fail "$1: wanted more than $2, got $3"
}

# pause SECONDS: starts no program, which would take long on the debug kernel.
# Nothing is ever written to the pipe.
exec {NOTHING}<> <(:)
pause() { read -r -t "$1" -u "$NOTHING" || true; }

# wait_for CONDITION COMMAND...: polls COMMAND until it succeeds.
wait_for() {
  local what=$1 deadline=$((SECONDS + WAIT_SECONDS))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || fail "waited ${WAIT_SECONDS} s for: $what"
    pause 0.05
  done
}

# What is needed to understand a failure.
dump_state() {
  local file
  echo "--- state at the time of the failure"
  for file in "$SYS"/*/{enabled,transition,target,tasks,pending,retries} \
    "$STATS"/*; do
    [[ ! -r $file ]] || printf '%s: %s\n' "$file" "$(<"$file")"
  done
  sed 's/^/enabled_functions: /' /sys/kernel/tracing/enabled_functions
  "$KLPX/bin/klp-controller" blocking 2>&1 || true
  dmesg | grep -v 'Command line' | tail -n 25
}
