#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# preflight of files: the findings and exit code of each; it changes nothing,
# and klpx.ko is not loaded. Blocking tasks: test_cli_preflight_tasks.sh. Other
# users of a function: test_cli_preflight_function_users.sh.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/preflight.sh
. "$(dirname "$0")/lib/preflight.sh"

VERSION=klpx_test_version1.ko

note "a clean patch"
finds 0 "" $VERSION
expect_eq "outlook" at-once "$(json_get "['forecast']['outlook']")"
expect_eq "prototype" "int version_proc_show(struct seq_file *m, void *v)" \
  "$(json_get "['functions'][0]['old_prototype']")"
expect_eq "same prototype" true \
  "$(json_get "['functions'][0]['same_prototype']")"

note "files that are no patch, or not for this kernel"
cp $VERSION foreign.ko
sed -i "s/vermagic=6\./vermagic=5./" foreign.ko
head -c 4000 $VERSION >cut.ko
finds 6 not_a_module cut.ko
finds 6 not_a_module /bin/true
finds 6 not_a_patch klpx_bad_not_a_patch.ko
finds 6 foreign_kernel foreign.ko
cli_refuses 5 absent.ko preflight absent.ko

note "functions"
finds 6 unknown_function klpx_bad_unknown_function.ko
finds 6 ambiguous_function klpx_bad_ambiguous_function.ko
finds_too not_traceable klpx_bad_untraceable_function.ko

cli 6 preflight klpx_bad_misspelt_function.ko
says "similar names: version_proc_show;"

note "what cannot be checked is reported"
mount -t tmpfs none /sys/kernel/debug
finds 0 not_checked $VERSION
umount /sys/kernel/debug
echo 2 >/proc/sys/kernel/kptr_restrict
finds 0 not_checked $VERSION
expect_eq "outlook" null "$(json_get "['forecast']")"
echo 0 >/proc/sys/kernel/kptr_restrict

note "this process may not load modules"
AS=(setpriv --bounding-set=-sys_module)
finds 6 loading_forbidden $VERSION
cli_refuses 6 CAP_SYS_MODULE enable $VERSION
AS=()

note "prototypes"
cli 0 preflight klpx_bad_prototype.ko
says "warning: prototype_differs" "preflight: passed, 2 warnings, 0 notes" \
  "it takes 1 argument, the old one takes 2" \
  "old: int version_proc_show(struct seq_file *m, void *v)" \
  "new: int short_version_proc_show(struct seq_file *m)" \
  "argument 1 is 'void *', was 'struct seq_file *'"

note "enable reports the same, in its own words"
cli 0 enable --dry-run klpx_bad_prototype.ko
says "warning: the replacement of function 'version_proc_show'"
is_loaded klpx && fail "a preflight has loaded klpx.ko"
leaves_no_program
