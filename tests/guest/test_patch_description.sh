#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Descriptions are hostile input: each pointer to nothing, or to memory that
# will be freed, and each name that no module can have, is refused with a line
# in the log, and the system is as before. A description in read-only memory is
# accepted.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

# each_refused NAME PARAMETER VALUE TEXT...: refused, with TEXT in the log.
each_refused() {
  local name=$1 parameter=$2
  shift 2
  for (($#; $#; 0)); do
    dmesg --clear
    refused "$1" EINVAL "$name" "$parameter=$1"
    expect_logged "'$name': $2"
    shift 2
  done
}
GOES="gone when module_init() has returned"

model_start

note "what is freed when module_init() has returned"
each_refused klpx_bad_goes what \
  patch "its struct klpx_patch is $GOES" stack "its struct klpx_patch is $GOES" \
  objs "its objects are $GOES" funcs "object 'vmlinux': its functions are $GOES" \
  states "its states are $GOES" \
  name "object 'vmlinux': name of function 0 is $GOES" \
  new_func "replacement of 'version_proc_show' is __init, $GOES" \
  callback "object 'vmlinux': a callback is no function: it is __init, $GOES" \
  state_name "state 7: a callback is no function, or its name no string: it is $GOES"
enable_patch klpx_bad_goes
expect_version "allocated" klpx_bad_goes
disable_patch klpx_bad_goes

note "what does not exist, or is something else"
each_refused klpx_bad_pointers what \
  patch "its struct klpx_patch is none" \
  module "its struct klpx_patch has a .mod that is not THIS_MODULE" \
  objs "its objects are no array" \
  funcs "object 'vmlinux': its functions are no array" \
  states "its states are no array" \
  name "object 'vmlinux': name of function 0 is no string" \
  object_name "name of object 0 is no string" \
  state_name "state 7: a callback is no function, or its name no string" \
  middle "replacement of 'version_proc_show' points into a function" \
  data "replacement of 'version_proc_show' is no code" \
  callback "object 'vmlinux': a callback is no function: it is no code" \
  callback_middle "object 'vmlinux': a callback is no function: it points into" \
  odd_name "object 'vmlinux': name of function 0 is no symbol's" \
  odd_state "state 7: a callback is no function, or its name no string"
enable_patch klpx_bad_pointers
disable_patch klpx_bad_pointers
refused "another header" EINVAL klpx_bad_abi
expect_logged "'klpx_bad_abi': was built with another klpx/livepatch.h"

note "names that no module has"
file="no module is called that; '$TARGET' is, if the file is meant"
each_refused klpx_bad_object_name object \
  "" "the name of an object is no module's" \
  klpx-model-target "object 'klpx-model-target': $file" \
  $TARGET.ko "object '$TARGET.ko': $file" \
  ./klpx-model-target.ko.xz "object './klpx-model-target.ko.xz': $file" \
  $'klpx\e[31m' "the name of an object is no module's"

note "names of files in the directory of a patch: all that exist"
enable_patch $A ids=7
for name in "$SYS/$A"/*; do
  name=${name##*/}
  [[ $name == vmlinux ]] ||
    each_refused klpx_bad_object_name object "$name" \
      "object '$name': the patch has a file of that name"
done
disable_patch $A

note "a description in read-only memory"
C=klpx_test_const
load_patch $TARGET
said >/dev/null
enable_patch $C
target_reads "const" const two
unload $TARGET
load_patch $TARGET
target_reads "const, again" const two
disable_patch $C
expect_said "const" const:bring:seven const:pre_patch:$TARGET target:exit: \
  const:post_unpatch:$TARGET const:pre_patch:$TARGET target:init: \
  const:post_unpatch:$TARGET const:take:seven
unload $TARGET
model_end
