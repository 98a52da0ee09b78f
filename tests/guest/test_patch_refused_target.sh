#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A target module that a patch cannot be applied to is refused, and can be
# loaded once the reason is gone.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

# target_refused WHAT ERRNO PARAMETERS: refused because of a patch with these.
target_refused() {
  enable_patch $A "$3"
  refused "$1" "$2" $TARGET
  refused "$1, again" "$2" $TARGET
  expect_eq "$1: patched" 0 "$(patched $A $TARGET)"
  disable_patch $A
  load_patch $TARGET
  target_reads "$1: without the patch" one two
  unload $TARGET
  said >/dev/null
}

model_start

target_refused "no such function" EINVAL funcs=$ONE,model_target_none
target_refused "no such position" EINVAL "funcs=$ONE sympos=2"
target_refused "a function of its initialisation" EINVAL \
  "funcs=$ONE,target_init"
expect_logged "'target_init' of module '$TARGET' is for its initialisation" \
  "patch '$A' failed for module '$TARGET', refusing to load module '$TARGET'"
target_refused "pre_patch fails" ENODEV \
  "funcs=$ONE callbacks=1 target_error=-19"

note "refused by the second of three patches: the first is undone"
enable_patch $A "funcs=$ONE callbacks=1"
enable_patch $B "funcs=$TWO callbacks=1 target_error=-16"
enable_patch $C "funcs=$TWO callbacks=1"
said >/dev/null
refused "by the second" EBUSY $TARGET
expect_said "refused by the second" a:pre_patch:target a:post_patch:target \
  b:pre_patch:target a:pre_unpatch:target a:post_unpatch:target
expect_untraced "refused by the second"
echo 0 >/sys/module/$B/parameters/target_error
load_patch $TARGET
target_reads "no longer refused" a c
said >/dev/null
unload $TARGET
expect_said "gone" target:exit: a:pre_unpatch:target a:post_unpatch:target \
  b:pre_unpatch:target b:post_unpatch:target \
  c:pre_unpatch:target c:post_unpatch:target
for patch in $B $A $C; do disable_patch "$patch"; done

note "refused while another patch is in transition, which goes on"
load_patch klpx_test_device
enable_patch $A funcs=model_target_none
start_sleeper killable
load_patch $B killable=1
only_pending $B 1
refused "in a transition" EINVAL $TARGET
only_pending $B 1
end_sleeper
await $B
disable_patch $B
disable_patch $A
unload klpx_test_device

note "a module that is called vmlinux"
sed "s/$TARGET/$(printf 'vmlinux%*s' $((${#TARGET} - 7)) '' | sed 's/ /\\x00/g')/g" \
  "$(module_file $TARGET)" >/tmp/renamed.ko
expect_eq "loading vmlinux.ko" EINVAL "$(errno_of load /tmp/renamed.ko)"
is_loaded vmlinux && fail "vmlinux.ko is loaded"
model_end
