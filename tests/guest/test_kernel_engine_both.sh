#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Patches of both engines on one machine: shown and counted together, each in
# its own transition at the same time, and no function may have patches of both.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/native.sh
. "$(dirname "$0")/lib/native.sh"

E=klpx_demo_eventfd
H=klpx_coexist_upstream

note "a function with a patch of one engine is refused to the other"
cli 0 enable $V.ko
cli 6 preflight klpx_test_version1.ko
says "already redirected by patch '$V' of the kernel's own livepatch"
cli 16 enable klpx_test_version1.ko
is_loaded klpx_test_version1 && fail "it was loaded"
cli 0 unload $V
cli 0 enable klpx_test_version1.ko
cli 6 preflight $V.ko
says "already redirected by patch 'klpx_test_version1' of klpx"
cli 16 enable $V.ko
cli 0 unload klpx_test_version1

note "both in transition: two sleepers, each blocks one"
# Otherwise a signal ends ours if all of this takes longer than 15 s.
mkdir -p /etc/klpx
printf '[default]\ndo = "leave"\n' >/etc/klpx/policy.toml
insmod klpx_coexist_target.ko
start_workload cat /proc/klpx_coexist_hold
HOLDER=$PID
wait_for "the holder" sleeps_in "$HOLDER" klpx_coexist_hold
start_reader
cli 0 enable --no-wait $E.ko
cli 0 enable --no-wait $H.ko
json 1 klp.check/v1 check
expect_eq "transitions" 2 "$(json_get "['transitions'] | length")"
json 0 klp.list/v1 list
expect_eq "engines" '["klpx","kernel"]' \
  "$(jq -c '[.patches[].engine]' <<<"$OUT")"
cli 0 list
says "ENGINE"
blocks "$HOLDER" patch $H
blocks "$HOLDER" reason uninterruptible
blocks "$HOLDER" function klpx_coexist_hold
blocks "$READER_TID" patch $E
json 0 klp.blocking/v1 blocking $H
expect_eq "of one patch" "" "$(blocker "$READER_TID" patch)"
cli 2 reverse
says "are in transition; name one"
cli 3 wait --timeout 2
json 0 klp.status/v1 status
expect_eq "transitions" 2 "$(json_get "['transitions'] | length")"
cli 0 blocking
says "$E" "$H"
[[ $(in_map "$HOLDER" engine) == 1 ]] || fail "not in the map of both"

note "klpx.ko cannot be unloaded, but not because of their patch"
cli 6 unload klpx
says "1 patch module still loaded"

note "each ends by itself"
give_reader 5
next_read >/dev/null
cli 0 wait $E
stop_reader
echo >/proc/klpx_coexist_hold
wait "$HOLDER"
cli 0 wait
cli 0 check
for patch in $H $E; do cli 0 unload "$patch"; done
unload klpx_coexist_target
rm /etc/klpx/policy.toml
tidy
