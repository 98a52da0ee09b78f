#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The history: which user, what, how long, how it ended, and which tasks
# blocked.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/history.sh
. "$(dirname "$0")/lib/history.sh"

P=klpx_demo_cmdline
W=klpx_test_waits

# Times can be given as they are shown, in any time zone.
export TZ=America/New_York

note "before anything is recorded"
json 0 klp.history/v1 history
expect_eq "transitions" 0 "$(count)"
cli 1 explain 1
cli 2 history --since whenever
cli 2 history --outcome fine

note "completed, enable and disable: user, patch, time"
cli 0 enable $P.ko
json 0 klp.history/v1 history
expect_eq "transitions" 1 "$(count)"
wanted "['outcome']" completed
wanted "['direction']" patching
wanted "['patch']" $P
wanted "['model']" tasks
wanted "['initiator']['user']" root
wanted "['initiator']['verb']" enable
wanted "['boot_id']" "$(</proc/sys/kernel/random/boot_id)"
(($(newest "['tasks']") > 10)) || fail "tasks: $(newest "['tasks']")"
expect_eq "started_ns" "$(tail -n 1 $STATS/recent | cut -d' ' -f1)" \
  "$(newest "['started_ns']")"
cli 0 history
says "BEGUN (UTC)"
BEGUN=$(awk 'NR == 2 { print $2, $3 }' <<<"$OUT")
for moment in "$BEGUN" "$BEGUN UTC"; do
  json 0 klp.history/v1 history --since "$moment"
  expect_eq "transitions since $moment" 1 "$(count)"
done
cli 0 disable $P
json 0 klp.history/v1 history --limit 1
wanted "['direction']" unpatching
wanted "['outcome']" completed
cli 0 unload $P

note "an attempt that started nothing is no transition"
cli 5 enable ./absent.ko
json 0 klp.history/v1 history
expect_eq "transitions" 2 "$(count)"

note "a sleeper blocks: timed out, signalled, reversed"
load_patch klpx_test_device
start_sleeper killable
cli 3 enable --timeout 3 $W.ko
json 0 klp.history/v1 history --patch $W
wanted "['outcome']" running
wanted "['blocked'][0]['tid']" "$SLEEPER"
wanted "['blocked'][0]['comm']" cat
wanted "['blocked'][0]['reason']" uninterruptible
wanted "['events'][0]['kind']" gave-up
[[ $(newest "['blocked'][0]['stack']") == *killable_read* ]] ||
  fail "stack: $(newest "['blocked'][0]")"
(($(newest "['blocked'][0]['blocked_ms']") >= 1000)) ||
  fail "blocked_ms: $(newest "['blocked'][0]['blocked_ms']")"
cli 0 signal $W --task "$SLEEPER"
cli 0 reverse
json 0 klp.history/v1 history --outcome reversed
expect_eq "reversed transitions" 1 "$(count)"
wanted "['reversals']" 1
# On a slow host the engine has sent signals of its own.
expect_more "signals" 0 "$(newest "['signals']")"
ID=$(newest "['id']")
cli 0 explain "$ID"
says "enabling $W, reversed" "cat/$SLEEPER" "root stopped waiting after 3s" \
  "sent a fake signal to task $SLEEPER" "root reversed it" \
  "all tasks were back on the old side" killable_read
# Abbreviated and mistyped arguments.
cli 0 explain
says "Transition $ID: enabling $W, reversed"
for which in last $W; do
  cli 0 explain "$which"
  says "Transition $ID: enabling $W, reversed"
done
cli 1 explain nosuch
json 0 klp.history/v1 history --patch 'klpx_demo*'
expect_eq "transitions" 2 "$(count)"
cli 0 unload $W
cli 0 unload $W
cli 5 unload klpx_mistyped
stop_workload "$SLEEPER"
unload klpx_test_device
cli 0 unload klpx
