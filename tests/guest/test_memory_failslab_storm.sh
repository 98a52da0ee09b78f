#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# A storm of forks and exits in which all allocations that cannot wait fail, so
# that neither can be recorded. An enable or a disable succeeds or is refused
# with ENOMEM, one that stops the machine with EBUSY. A transition that has
# started completes although the storm goes on.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/through.sh
. "$(dirname "$0")/lib/through.sh"
# shellcheck source=tests/guest/lib/failslab.sh
. "$(dirname "$0")/lib/failslab.sh"

STOPS=klpx_test_version1
ROUNDS=2

has_lost() { (($(stat_of "$1") > 0)); }

# answered ANSWERS COMMAND...: repeated until the answer is ok.
answered() {
  local answer deadline=$((SECONDS + WAIT_SECONDS))
  while answer=$(errno_of "${@:2}") && [[ $answer != ok ]]; do
    [[ $answer =~ ^($1)$ ]] || fail "${*:2}: $answer"
    ((SECONDS < deadline)) || fail "${*:2}: $answer for $WAIT_SECONDS s"
  done
}

load_klpx
echo Y >$FAILSLAB/ignore-gfp-wait
echo Y >$FAILSLAB/task-filter
echo -1 >$FAILSLAB/times
echo 100 >$FAILSLAB/probability
# shellcheck disable=SC2016
start_workload bash -c 'echo 1 >/proc/self/make-it-fail; exec "$0"' \
  "$WORKLOADS/fork_storm"
STORM=$PID
wait_for "exits to be lost" has_lost exits_untracked

before=$(snapshot)
expect_eq "stopping the machine while exits are lost" EBUSY \
  "$(errno_of load "$(module_file $STOPS)" stop_machine=1)"
expect_eq "the system afterwards" "$before" "$(snapshot)"
for ((n = 0; n < ROUNDS; n++)); do
  answered ENOMEM load "$(module_file $THROUGH)" funcs=do_exit
  await $THROUGH
  expect_called do_exit
  answered ENOMEM write $SYS/$THROUGH/enabled 0
  await_gone $THROUGH
  unload $THROUGH
done
wait_for "forks to be lost" has_lost fork_entries_lost

end_storm "$STORM"
answered EBUSY load "$(module_file $STOPS)" stop_machine=1
disable_patch $STOPS
expect_eq "entries" 0 "$(stat_of entries)"
unload_klpx
