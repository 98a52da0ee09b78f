#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Patches of modules and states that are refused, one by one: each with its
# errno, and the system is as before. test_enable_refused.sh has those of vmlinux.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

FTRACE_ENABLED=/proc/sys/kernel/ftrace_enabled

model_start
# What insmod reports if module_init() returns EEXIST: EBUSY in newer kernels
# (7.2).
TWICE=$(errno_of load "$(module_file $TARGET)" init_error=-17)
load_patch $TARGET

note "descriptions"
refused "an object twice" "$TWICE" klpx_model_bad_object_twice
refused "an object without an array" EINVAL klpx_model_bad_no_object_functions
refused "a replacement elsewhere" EINVAL klpx_model_bad_foreign
refused "a long function name" EINVAL klpx_model_bad_long_name
refused "a long object name" EINVAL klpx_model_bad_long_name object=1
refused "a function twice" "$TWICE" $A funcs=$ONE,$ONE
refused "the module itself" EINVAL $A "object=$A funcs=model_show"
refused "klpx.ko" EINVAL $A "object=klpx funcs=klpx_enable_patch"
refused "vmlinux by name" EINVAL $A "object=vmlinux funcs=version_proc_show"
refused "an id twice" EINVAL $A ids=7,7

note "a function under two names"
refused "an alias" "$TWICE" $A funcs=$ONE,model_target_alias
enable_patch $A funcs=model_target_alias
target_reads "the alias alone" a two
disable_patch $A

note "a module that is called vmlinux"
rename_module $TARGET vmlinux
refused "vmlinux" EINVAL vmlinux

note "functions of a module"
refused "unknown" EINVAL $A funcs=$ONE,model_target_none
refused "of vmlinux" EINVAL $A funcs=version_proc_show
refused "position 2 of one" EINVAL $A "funcs=$ONE sympos=2"
enable_patch $A "funcs=$ONE sympos=1"
target_reads "position 1" a two
disable_patch $A

note "callbacks"
for errno in EPERM:1 EBUSY:16 ENODEV:19 EINVAL:22; do
  refused "pre_patch" "${errno%:*}" $A \
    "funcs=$ONE callbacks=1 target_error=-${errno#*:}"
done
expect_logged "pre-patch callback failed for object '$TARGET'" \
  "failed to enable patch '$A'"

note "a function that another user of ftrace redirects"
load_patch klpx_test_ipmodify
said >/dev/null
refused "redirected" EBUSY $A "version=1 callbacks=1 funcs=$ONE"
expect_said "the target has not come to its turn" \
  a:pre_patch:vmlinux a:post_unpatch:vmlinux
expect_logged \
  "failed to register ftrace handler for function 'version_proc_show' (-16)" \
  "failed to patch object 'vmlinux'"
unload klpx_test_ipmodify

note "ftrace switched off"
if [[ $(errno_of write $FTRACE_ENABLED 0) == ok ]]; then
  refused "ftrace off" EBUSY $A "callbacks=1 funcs=$ONE"
  expect_eq "ftrace on" ok "$(errno_of write $FTRACE_ENABLED 1)"
  enable_patch $A "funcs=$ONE"
  expect_eq "ftrace off while patched" EBUSY "$(errno_of write $FTRACE_ENABLED 0)"
  target_reads "still" a two
  disable_patch $A
else
  note "this kernel cannot switch it off"
fi

note "after all that"
said >/dev/null
enable_patch $A "version=1 callbacks=1 funcs=$ONE,$TWO ids=7 state_callbacks=1"
target_reads "patched" a a
expect_version "patched" a
disable_patch $A
target_reads "unpatched" one two
expect_eq "references to $TARGET" 0 "$(refcount $TARGET)"
unload $TARGET
model_end
