#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Relocations of an adopted patch against private symbols of vmlinux and of its
# target module, which comes, goes and is refused.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"
# shellcheck source=tests/guest/lib/adopt.sh
. "$(dirname "$0")/lib/adopt.sh"

P=klpx_adopt_reloc

adopt_start
note "the target is loaded after the patch, unloaded, and loaded again"
adopted $P
expect_version "vmlinux" "$(</proc/cmdline)"
for round in 1 2 3; do
  load_patch $TARGET
  target_reads "round $round" reloc word two two
  unload $TARGET
done

note "refused by pre_patch, then loaded: all was cleared before"
echo -19 >/sys/module/$P/parameters/target_error
refused "pre_patch fails" ENODEV $TARGET
echo 0 >/sys/module/$P/parameters/target_error
load_patch $TARGET
target_reads "after a refusal" reloc word two two
disable_patch $P
target_reads "without the patch" one two

note "the target is loaded before the patch"
adopted $P
target_reads "target first" reloc word two two
disable_patch $P

note "the kernel's engine writes what klpx has cleared, and the other way"
adopt 0
theirs $P
target_reads "theirs" reloc word two two
theirs_off $P
adopt 1
adopted $P
target_reads "adopted again" reloc word two two
disable_patch $P

note "a symbol that is not there"
sed 's/target\.model_target_two,/target.model_target_twx,/' \
  "$(module_file $P)" >/tmp/symbol.ko
expect_eq "no such symbol" EINVAL "$(errno_of load /tmp/symbol.ko)"
nothing_of $P
unload $TARGET
adopt_end
