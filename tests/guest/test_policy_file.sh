#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Mistakes in a policy file change nothing, and keep no patch and no verb from
# working; a policy that waits does not prevent a reversal; without a policy the
# engine's own timing applies again.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/policy.sh
. "$(dirname "$0")/lib/policy.sh"

asked_often() { (($(stat_of policy_asked) > $1 + 3)); }
signalled() { (($(stat_of signals) > $1)); }

# back: disables the patch, whatever it takes.
back() {
  echo 1 >$SYS/$P/signal 2>/dev/null || true
  cli 0 unload $P
}

load_klpx
start_reader

rules <<<'[default]
do = "leave"'
apply
note "mistakes change nothing"
asked=$(stat_of policy_asked)
rules <<<"[[rule]]
comm = \"eventfd-*\"
after = \"1s\""
cli 22 policy apply $FILE
expect_says "apply" "$FILE:3: unknown key 'after'"
expect_says "apply" "$FILE:1: a rule needs either"
cli 22 policy check $FILE
cli 5 policy apply /tmp/no-such-file
expect_eq "attached" klpx "$(stat_of policy)"
expect_eq "asked while nothing is in transition" "$asked" \
  "$(stat_of policy_asked)"

note "reversed while a policy waits"
rules <<<'[default]
do = "leave"'
apply
blocked
wait_for "rounds" asked_often "$(stat_of policy_asked)"
cli 0 reverse $P
expect_eq "pending-set entries" 0 "$(stat_of entries)"
cli 0 unload $P

note "what is attached is shown, and unloaded"
json 0 klp.policy/v1 policy show $FILE
expect_eq "attached" klpx "$(json_get "['attached']")"
expect_eq "rules" default "$(json_get "['rules'][0]['name']")"
cli 0 policy unload
wait_for "no policy" nothing_attached
cli 0 policy unload
expect_says "unload" "has no policy attached"
signals=$(stat_of signals)
blocked
wait_for "a signal of the engine's own" signalled "$signals"
await $P
back

note "a file with mistakes keeps no patch and no verb from working"
mkdir -p /etc/klpx
echo '[deadlin]' >/etc/klpx/policy.toml
cli 22 policy check
cli 0 enable --no-wait $P.ko
says_aside "policy.toml:1: unknown key 'deadlin'" "cannot be used"
wait_for "a patch in transition" pending_is $P 1
cli 0 signal $P
says_aside "no task is exempt"
await $P
cli 0 status
says "attention: 1 patch enabled" "policy.toml cannot be used"
back

note "no signal is promised that the policy forbids"
printf '[default]\ndo = "leave"\n' >/etc/klpx/policy.toml
cli 0 preflight $P.ko
says "left_alone" "the policy leaves it alone ([default])"
says_not "blocks_until_signal"
rm /etc/klpx/policy.toml
stop_reader
cli 0 unload klpx
