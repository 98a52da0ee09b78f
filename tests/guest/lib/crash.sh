# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Processes that are killed before each of their steps in turn
# (workloads/kill_at.c). Sources everything that these tests need.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/history.sh
. "$(dirname "$0")/lib/history.sh"
# shellcheck source=tests/guest/lib/daemon.sh
. "$(dirname "$0")/lib/daemon.sh"

cp "$KLPX/workloads/kill_at" /tmp/
KILLED=137

# for_steps PREPARE KILL FINISH: calls the three functions for step 1, 2, 3, ...
# until the process of KILL, which takes the step and sets STATUS, is not killed.
for_steps() {
  local points=0
  for ((STEP = 1; ; STEP++)); do
    "$1"
    STATUS=0
    "$2" "$STEP"
    "$3"
    [[ $STATUS == "$KILLED" ]] || break
    ((++points))
  done
  note "$2: killed at each of its $points steps"
  ((points > 3)) || fail "$2: killed at $points steps only"
}

# The newest transition, without what differs from run to run: times, ids, counts
# of tasks, and the author of events.
shape() {
  json 0 klp.history/v1 history --limit 1
  jq -c '.transitions[0] | {patch, direction, outcome, reversals, forced,
    blocked: [.blocked[] | {tid, comm, reason}],
    forces: [.forces[] | {tid, comm}],
    events: [.events[].kind] | unique,
    doubled: (([.events[] | [.kind, .text, .who]] | length) !=
      ([.events[] | [.kind, .text, .who]] | unique | length))}' <<<"$OUT"
}

# Every transition of the engine is recorded, and none twice.
expect_all_recorded() {
  json 0 klp.history/v1 history
  expect_eq "transitions on record" "$(stat_of transitions)" "$(count)"
  expect_eq "different starts" "$(count)" \
    "$(jq '[.transitions[].started_ns] | unique | length' <<<"$OUT")"
}
