# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A readable transcript in which every step is checked: numbered steps, commands
# as a user would type them, and their output. Sourced by demo.sh.

STEP=0
CHECKS=0
OUT=''

step() {
  STEP=$((STEP + 1))
  printf '\n== %d. %s\n' "$STEP" "$1"
  shift
  (($# == 0)) || printf '   %s\n' "$@"
}

die() {
  printf '\ndemo: step %d failed: %s\n' "$STEP" "$1" >&2
  exit 1
}

# run COMMAND LINE: shows the command and its output, and keeps that in OUT.
run() {
  printf '\n$ %s\n' "$1"
  OUT=$(eval "$1" 2>&1) || { printf '%s\n' "$OUT"; die "'$1' failed"; }
  [[ -z $OUT ]] || printf '%s\n' "$OUT"
}

# shows TEXT...: each text is in the output of the last command.
shows() {
  local text
  for text; do
    [[ $OUT == *"$text"* ]] || die "wanted '$text' in the output"
    CHECKS=$((CHECKS + 1))
  done
}
