#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Patches and sysfs writes that klpx.ko refuses: each with its errno, and the
# system is as before.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"

P=klpx_test_waits

not_loaded() { ! is_loaded "$1"; }

# refused WHAT ERRNO VERB ARGUMENT...
refused() {
  local before
  before=$(snapshot)
  expect_eq "$1" "$2" "$(errno_of "${@:3}")"
  expect_eq "the system after: $1" "$before" "$(snapshot)"
}

bad_patches() {
  local name
  for name in unknown_function second_unknown ambiguous_function sympos \
    untraceable_function no_new_func no_old_name no_end no_objects \
    states_no_end objects_no_end no_functions no_module null; do
    refused "klpx_bad_$name" EINVAL load "$(module_file klpx_bad_$name)"
  done
  refused klpx_bad_init_fails EIO load "$(module_file klpx_bad_init_fails)"
  # The loader of newer kernels (7.2) turns EEXIST into EBUSY.
  name=$(errno_of load "$(module_file klpx_bad_listed_twice)")
  [[ $name == EEXIST || $name == EBUSY ]] || fail "listed twice: $name"
}

# bad_writes ATTRIBUTE ERRNO VALUE...
bad_writes() {
  local value
  for value in "${@:3}"; do
    refused "'$value' to $1" "$2" write $SYS/$P/"$1" "$value"
  done
}

load_klpx
bad_patches
expect_logged \
  "symbol 'klpx_no_such_function' not found in symbol table" \
  "unresolvable ambiguity for symbol 'state_show' in object 'vmlinux'" \
  "symbol position 99 for symbol 'state_show' in object 'vmlinux' not found" \
  "failed to find location for function 'preempt_schedule'" \
  "'klpx_bad_no_end': object 'vmlinux': name of function 1 is no string" \
  "'klpx_bad_states_no_end': state 8: a callback is no function" \
  "'klpx_bad_objects_no_end': object 'klpx_model_target': its functions are no"
load_patch klpx_bad_enabled_twice
await klpx_bad_enabled_twice
expect_eq "/proc/version" klpx_bad_enabled_twice "$(</proc/version)"
second=$(</sys/module/klpx_bad_enabled_twice/parameters/second_return)
[[ $second == -17 || $second == -16 ]] || fail "second enable returned $second"
disable_patch klpx_bad_enabled_twice

note "writes outside a transition"
enable_patch $P
bad_writes enabled EINVAL 1 2 -1 x ' ' '1 0' 99999999999999999999
for name in force signal signal_task force_task kick; do
  bad_writes $name EINVAL 1 2 -1 x ' ' 99999999999999999999
done
bad_writes transition EACCES 1 # root may open it; the kernel has no store
bad_patches
disable_patch $P

note "a module that fails to load after it has enabled its patch"
before=$(snapshot)
expect_eq "loading it" EIO \
  "$(errno_of load "$(module_file klpx_bad_init_fails)" late=1)"
await_gone klpx_bad_init_fails
wait_for "module to be gone" not_loaded klpx_bad_init_fails
expect_eq "the system afterwards" "$before" "$(snapshot)"

note "writes in a transition"
load_patch klpx_test_device
start_sleeper killable
load_patch $P
only_pending $P 1
bad_writes enabled EINVAL 1 2 -1 x ' '
for name in force signal kick; do bad_writes $name EINVAL 2 -1 x ' '; done
for name in signal_task force_task; do
  bad_writes $name EINVAL -1 x ' ' 99999999999999999999
  bad_writes $name ESRCH 1 $$ 4194304
done
refused "another patch" EBUSY load "$(module_file klpx_test_version1)"
refused "klpx.ko unloaded" EAGAIN unload klpx
echo 1 >/dev/klpx_killable
await $P
disable_patch $P
unload klpx_test_device
unload_klpx
