#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A policy that a user wrote (examples/policy): one at a time. It refuses a
# patch, is told what happens, and decides. Objects that are no policy are
# refused. The policy is in force as long as its link exists.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/policy.sh
. "$(dirname "$0")/lib/policy.sh"

OWN=$KLPX/bpf/gentle.bpf.o

# has_happened WHAT TIMES: by the program's own count.
has_happened() {
  [[ $(bpftool -j map dump name gentle.bss) == *"\"$1\":$2"[,\}\ ]* ]]
}

load_klpx
start_reader

note "what is no policy is refused"
cli_refuses 6 "not a BPF object" policy load /proc/version
cli_refuses 6 "struct_ops" policy load "$KLPX/bpf/tracer_bpf.bpf.o"
cli_refuses 6 "No such file" policy load /tmp/no-such-file
expect_eq "attached" "" "$(stat_of policy)"

note "one at a time"
cli 0 policy load "$OWN"
expect_eq "attached" gentle "$(stat_of policy)"
cli_refuses 6 "'gentle'" policy load "$OWN"
echo '[default]
do = "leave"' >/tmp/rules.toml
cli_refuses 6 "'gentle'" policy apply /tmp/rules.toml

note "it decides"
signals=$(stat_of signals)
cli 0 enable $P.ko
expect_eq "signals" $((signals + 1)) "$(stat_of signals)"
wait_for "to be told of the start" has_happened started 1
wait_for "to be told of the end" has_happened completed 1
cli 0 unload $P
wait_for "to be told of the way back" has_happened completed 2

note "it refuses a patch"
rename_module klpx_test_version1 test_version1
before=$(snapshot)
expect_eq "a patch that it refuses" EACCES \
  "$(errno_of load "$(module_file test_version1)")"
cli 6 enable "$(module_file test_version1)"
expect_eq "the system" "$before" "$(snapshot)"
enable_patch klpx_test_version1
disable_patch klpx_test_version1

note "without its link the policy is gone"
rm /sys/fs/bpf/klpx_policy/link
wait_for "no policy" nothing_attached
cli 0 policy load "$OWN"
cli 0 policy unload
wait_for "no policy" nothing_attached
stop_reader
cli 0 unload klpx
