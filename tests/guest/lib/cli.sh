# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# klp-controller as a user or a script calls it. Sourced after klpx.sh.

# Run from memory, not from the virtual machine's file share: it starts faster.
CLI_HOME=/tmp/klpx
mkdir -p $CLI_HOME/bin
cp "$KLPX/bin/klp-controller" $CLI_HOME/bin/
cp "$KLPX/klpx.ko" "$KLPX"/examples/*.ko "$KLPX"/patches/*.ko $CLI_HOME/
chmod -R a+rX $CLI_HOME
PATH=$CLI_HOME/bin:$PATH
cd $CLI_HOME || exit 1

export KLPX_PINS=/sys/fs/bpf/klpx

# A command put before klp-controller, which sets the rights that it runs with.
AS=()

# cli CODE ARGUMENT...: expects that exit code; sets OUT and ERR.
cli() {
  local status=0 errors=$CLI_HOME/errors
  OUT=$("${AS[@]}" klp-controller "${@:2}" 2>$errors) || status=$?
  ERR=$(<$errors)
  [[ $status == "$1" ]] || printf '%s\n%s\n' "$OUT" "$ERR" >&2
  expect_eq "exit code of klp-controller ${*:2}" "$1" "$status"
}

# expect_says WHAT TEXT: OUT or ERR holds TEXT.
expect_says() {
  [[ $OUT$'\n'$ERR == *"$2"* ]] || fail "$1: wanted '$2' in '$OUT' '$ERR'"
}

# json CODE SCHEMA ARGUMENT...: expects a document of that schema on stdout.
json() {
  cli "$1" "${@:3}" --json
  expect_eq "schema of klp-controller ${*:3}" "$2" "$(json_get "['schema']")"
}

# json_get PATH: the member PATH of OUT, e.g. ['patches'][0]['name'].
json_get() { jq -rc ".${1//\'/\"}" <<<"$OUT"; }

# cli_refuses CODE TEXT ARGUMENT...: prints one line that holds TEXT, and changes
# nothing.
cli_refuses() {
  local before
  before=$(snapshot)
  cli "$1" "${@:3}"
  expect_says "klp-controller ${*:3}" "$2"
  expect_eq "lines of the refusal of ${*:3}" 1 "$(grep -c '' <<<"$ERR")"
  expect_eq "the system after ${*:3}" "$before" "$(snapshot)"
}

# says TEXT...: the last command printed each of them. says_not: none of them.
says() {
  local text
  for text; do expect_says "klp-controller" "$text"; done
}
# says_aside TEXT...: the same, on stderr.
says_aside() {
  local text
  for text; do [[ $ERR == *"$text"* ]] || fail "wanted '$text' in '$ERR'"; done
}
says_not() {
  local text
  for text; do [[ $OUT != *"$text"* ]] || fail "'$text' in '$OUT'"; done
}

# row PATTERN: the row of a table that starts with it, with single spaces.
row() { grep -E "^$1 " <<<"$OUT" | tr -s ' ' || true; }
