#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Bad input to klp-controller: each gives its exit code and one line that names
# the object, and leaves the system as before.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"

P=klpx_demo_cmdline

# Files that can be refused without klpx.ko, and must not load it.
bad_files() {
  cp klpx_test_version1.ko foreign.ko
  sed -i "s/vermagic=6\./vermagic=5./" foreign.ko
  head -c 4000 klpx_test_version1.ko >cut.ko
  echo "not a module" >text.ko
  cli_refuses 5 absent.ko enable ./absent.ko
  cli_refuses 10 text.ko enable text.ko
  cli_refuses 10 cut.ko enable cut.ko
  cli_refuses 10 true enable /bin/true
  cli_refuses 11 foreign.ko enable foreign.ko
  cli_refuses 12 klpx_bad_not_a_patch enable klpx_bad_not_a_patch.ko
  cli_refuses 13 klpx_no_such_function enable klpx_bad_unknown_function.ko
  cli_refuses 13 klpx_no_such_function enable klpx_bad_second_unknown.ko
  cli_refuses 14 state_show enable klpx_bad_ambiguous_function.ko
  cli_refuses 15 preempt_schedule enable klpx_bad_untraceable_function.ko
}

bad_usage() {
  cli_refuses 2 "" enable
  cli_refuses 2 "" frobnicate
  cli_refuses 2 "" enable $P.ko --timeout soon
  cli_refuses 2 "" signal $P --task me
}

bad_names() {
  local verb
  for verb in disable signal status wait; do
    cli_refuses 5 no_such_patch $verb no_such_patch
  done
}

# The other user that redirects the function is named.
bad_owners() {
  load_patch klpx_test_ipmodify
  cli_refuses 16 klpx_test_ipmodify enable klpx_test_version1.ko
  unload klpx_test_ipmodify
  [[ -d /sys/kernel/livepatch ]] || return 0
  load_patch klpx_test_upstream
  cli_refuses 16 klpx_test_upstream enable klpx_test_version1.ko
  echo 0 >/sys/kernel/livepatch/klpx_test_upstream/enabled
  unload klpx_test_upstream
}

# as_nobody COMMAND...: without root. without_bpf: root, but no bpf(2).
as_nobody() {
  AS=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  "$@"
  AS=()
}
without_bpf() {
  AS=(setpriv "--bounding-set=-bpf,-perfmon,-sys_admin")
  "$@"
  AS=()
}

note "klpx.ko not loaded"
bad_files
bad_usage
bad_names
as_nobody cli_refuses 4 root enable $P.ko
cli_refuses 20 none.ko enable --klpx-module none.ko $P.ko

note "klpx.ko loaded, a patch enabled, all without BPF"
without_bpf cli 0 enable $P.ko
expect_says "enable without BPF" "BPF"
bad_owners
cli_refuses 13 klpx_no_such_function enable klpx_bad_second_unknown.ko
for verb in disable unload; do as_nobody cli_refuses 4 root $verb $P; done
cli_refuses 8 $P reverse $P
cli_refuses 6 klpx unload klpx

note "another patch in transition"
load_patch klpx_test_device
start_sleeper killable
without_bpf cli 0 enable --no-wait klpx_test_waits.ko
only_pending klpx_test_waits 1
without_bpf cli_refuses 21 BPF blocking
cli_refuses 18 klpx_test_waits enable klpx_test_version1.ko
cli_refuses 18 klpx_test_waits disable $P
cli 8 signal klpx_test_waits --task $$
echo 1 >/dev/klpx_killable
cli 0 wait
cli_refuses 1 klpx_bad_init_fails enable klpx_bad_init_fails.ko
for name in klpx_test_waits $P; do cli 0 unload "$name"; done
unload klpx_test_device
cli 0 unload klpx
