# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A patch of functions that are named at run time (klpx_test_through). Sourced
# after klpx.sh and workloads.sh.

THROUGH=klpx_test_through
FASTPATHS=(off hot all)
ROUNDS=${#FASTPATHS[@]}

# traceable NAME...: those that this kernel can trace, separated by commas.
traceable() {
  printf '%s\n' "$@" |
    awk 'NR == FNR { wanted[$1]; next }
         ($1 in wanted) && !seen[$1]++ { names = names sep $1; sep = "," }
         END { print names }' - /sys/kernel/tracing/available_filter_functions
}

# calls_of NAME: how often its replacement has been called.
calls_of() {
  awk -v name="$1" '$1 == name { print $2 }' \
    /sys/module/$THROUGH/parameters/calls
}

was_called() { (($(calls_of "$1") > ${2:-0})); }

# expect_called NAMES: the replacement of each of them runs.
expect_called() {
  local name
  for name in ${1//,/ }; do
    wait_for "the replacement of $name to be called" was_called "$name"
  done
}

has_fastpath() { (($(attr $THROUGH fastpath_functions) > 0)); }

# turn_round NAMES TIMES: loads the patch, reverses it TIMES times back and forth,
# and leaves it disabled. A sleeper in one of the functions keeps it from
# being enabled. Nothing keeps it from being disabled, so it may be gone before
# the second reversal: then it is loaded again.
turn_round() {
  local n enabled=$SYS/$THROUGH/enabled
  load_patch $THROUGH "funcs=$1"
  for ((n = 0; n < $2; n++)); do
    echo 0 >"$enabled"
    { echo 1 >"$enabled"; } 2>/dev/null && continue
    await_gone $THROUGH
    unload $THROUGH
    load_patch $THROUGH "funcs=$1"
  done
  start_disable $THROUGH
  await_gone $THROUGH
  unload $THROUGH
}

# in_and_out NAMES HELD TURNS: in each round enables and disables NAMES once, and
# reverses HELD, with a sleeper in one of its functions.
in_and_out() {
  local round
  for ((round = 0; round < ROUNDS; round++)); do
    enable_patch $THROUGH "funcs=$1"
    write_attr $THROUGH fastpath "${FASTPATHS[round]}"
    expect_called "$1"
    [[ ${FASTPATHS[round]} != all ]] ||
      wait_for "functions on the fast path" has_fastpath
    disable_patch $THROUGH
    turn_round "$2" "$3"
  done
}
