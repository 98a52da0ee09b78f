#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Relocations of a patch against private symbols of its target module: written
# when the target is loaded, cleared when it is unloaded or refused.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

P=klpx_model_reloc
V=klpx_model_reloc_vmlinux

# altered NAME SED: the module changed in place; prints the file.
altered() {
  sed "$2" "$(module_file $P)" >"/tmp/$1.ko"
  echo "/tmp/$1.ko"
}

model_start

if [[ ! -d /sys/kernel/livepatch ]]; then
  note "without CONFIG_LIVEPATCH this does not work: refused"
  refused "no CONFIG_LIVEPATCH" EINVAL $P
  refused "no CONFIG_LIVEPATCH, vmlinux" EINVAL $V
  expect_logged "'$V': symbol .klp.sym.vmlinux.cmdline_proc_show,0 needs"
  model_end
  exit 0
fi

note "private symbols of vmlinux"
enable_patch $V
expect_version "vmlinux" "$(</proc/cmdline)"
disable_patch $V

note "the target is loaded after the patch, unloaded, and loaded again"
enable_patch $P
for round in 1 2 3; do
  load_patch $TARGET
  target_reads "round $round" reloc word two two
  unload $TARGET
done

note "refused by pre_patch, twice, then loaded: all was cleared before"
echo -19 >/sys/module/$P/parameters/target_error
refused "pre_patch fails" ENODEV $TARGET
refused "pre_patch fails again" ENODEV $TARGET
echo 0 >/sys/module/$P/parameters/target_error
load_patch $TARGET
target_reads "after a refusal" reloc word two two
disable_patch $P
target_reads "without the patch" one two

note "the target is loaded before the patch"
enable_patch $P
target_reads "target first" reloc word two two
disable_patch $P

note "what was written is cleared when enabling fails after all"
enable_patch $P "target_error=-19 twice=1"
target_reads "pre_patch failed at first" reloc word two two
disable_patch $P
refused "one does not fit" ENOEXEC $P spoil=1
enable_patch $P "spoil=1 twice=1"
target_reads "one did not fit at first" reloc word two two
disable_patch $P

note "what cannot be written is refused, before anything is written"
expect_eq "no such symbol" EINVAL \
  "$(errno_of load "$(altered symbol 's/target\.model_target_two,/target.model_target_twx,/')")"
expect_eq "no such position" EINVAL \
  "$(errno_of load "$(altered position 's/target_word,1/target_word,7/')")"
expect_eq "no position" EINVAL \
  "$(errno_of load "$(altered format 's/target_word,1/target_word;1/')")"
expect_eq "an object that the patch does not name" EINVAL \
  "$(errno_of load "$(altered object 's/\.klp\.rela\.klpx_model_target/.klp.rela.klpx_model_targex/')")"
expect_eq "not marked" EINVAL \
  "$(errno_of load "$(altered mark 's/livepatch=Y/livepatcx=Y/')")"
is_loaded $P && fail "$P is loaded"
target_reads "after all these" one two
unload $TARGET

note "the target lacks the symbol when it is loaded: it is refused"
expect_eq "patch without its target" ok "$(errno_of load /tmp/symbol.ko)"
await $P
refused "no such symbol" EINVAL $TARGET
disable_patch $P
load_patch $TARGET
target_reads "at last" one two
unload $TARGET
model_end
