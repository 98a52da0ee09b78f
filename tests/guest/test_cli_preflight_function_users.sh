#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# preflight of patches whose functions are not loaded yet, or have other users:
# probes, BPF, another user of ftrace, a patch of ours, the kernel's livepatch.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/tracers.sh
. "$(dirname "$0")/lib/tracers.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/preflight.sh
. "$(dirname "$0")/lib/preflight.sh"

VALUE=klpx_coexist_value
P=klpx_coexist_patch.ko

note "a module that is not loaded, and users of functions of one that is"
finds 0 module_not_loaded $P
load_patch klpx_coexist_target
finds 0 "" $P
while read -r kind code finding; do
  attach "$kind" $VALUE
  expect_eq "attaching $kind" ok "$ANSWER"
  finds "$code" "$finding" $P
  detach "$kind"
done <<'END'
kprobe 0 probed
kprobe_post 6 function_owned
kprobe_inside 0 probe_inside
fentry 0 direct_caller
ops_ipmodify 6 function_owned
END
unload klpx_coexist_target

note "a kprobe at the entry can have the last word, if it was first"
cli 0 preflight $P
says_not "is bypassed"
load_patch klpx_coexist_target
attach kprobe $VALUE
cli 0 preflight $P
says "is bypassed, because the probe was registered first"
detach kprobe
unload klpx_coexist_target

note "two names of one function: the second is stacked on the first"
load_klpx
cli 0 preflight klpx_alias_x64.ko
says "preflight: passed, 0 warnings"
cli 0 enable klpx_alias_x64.ko
cli 0 preflight klpx_alias_do.ko
says "note: stacked" "is redirected by patch 'klpx_alias_x64'"
cli 0 enable klpx_alias_do.ko
cli 0 list --functions
expect_eq "owner" "vmlinux __do_sys_pause 1 klpx_alias_do enabled \
klpx_alias_x64 __x64_sys_pause" "$(row "vmlinux +__do_sys_pause")"
cli 0 status klpx_alias_x64
says "klpx_alias_do has a newer version"
cli 0 unload klpx_alias_do
cli 0 unload klpx_alias_x64
cli 0 unload klpx

if [[ -d /sys/kernel/livepatch ]]; then
  note "a patch for the kernel's own livepatch"
  json 0 klp.preflight/v1 preflight klpx_test_upstream.ko
  expect_eq "its function" version_proc_show \
    "$(json_get "['functions'][0]['name']")"
  cli 0 info klpx_test_upstream.ko
  says "version_proc_show"
fi

note "a patch of ours below"
load_klpx
enable_patch klpx_test_version2
finds 0 stacked klpx_test_version1.ko
disable_patch klpx_test_version2
unload_klpx
leaves_no_program
