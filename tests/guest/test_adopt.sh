#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=900
# Adoption is switched on and off, at the load of klpx.ko, and for one load; what
# is in stays where it is; klpx.ko stays as long as adoption is on.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"
# shellcheck source=tests/guest/lib/adopt.sh
. "$(dirname "$0")/lib/adopt.sh"

note "the module is an ordinary one for the kernel's livepatch"
expect_eq "depends" $HELPER "$(modinfo -F depends "$(module_file $X)")"
expect_eq "livepatch" Y "$(modinfo -F livepatch "$(module_file $X)")"

note "off: the kernel's engine"
model_start
expect_eq "adopt" 0 "$(<$ADOPT)"
theirs $X version=1
expect_version "theirs" x

note "on: what is there stays, and holds its function"
adopt 1
is_theirs $X
refused "held by the kernel's engine" EBUSY $Y version=1
adopted $Y killable=1
theirs_off $X
adopted $X version=1
expect_version "adopted" x

note "off: what is adopted stays, and klpx.ko with it"
adopt 0
is_adopted $X
expect_version "adopt 0" x
[[ $(errno_of unload klpx) == E* ]] || fail "klpx.ko was removed"
disable_patch $Y
expect_eq "theirs, on a function held by klpx" EBUSY \
  "$(errno_of load "$(module_file klpx_test_upstream)")"
disable_patch $X
expect_version "all gone" "$BOOT_VERSION"
expect_untraced "adopt 0, all gone"

note "one load, by the process that asked for it"
expect_eq "ordered for klpx" ok "$(load_after "$X klpx" $X version=1)"
await $X
is_adopted $X
disable_patch $X
echo "$X klpx" >$ENGINE_FOR
expect_eq "engine_for" "$X klpx" "$(<$ENGINE_FOR)"
theirs $X version=1 # another process
echo >$ENGINE_FOR
expect_eq "engine_for" "" "$(<$ENGINE_FOR)"
theirs_off $X
adopt 1
expect_eq "another module" ok "$(load_after "$Y kernel" $X version=1)"
await $X
is_adopted $X
disable_patch $X
expect_eq "kernel, while on" ok "$(load_after "$X kernel" $X version=1)"
is_theirs $X
theirs_off $X
for text in "$X" "$X other" " klpx" "$X klpx more" "$(printf '%0300d' 1) klpx"; do
  expect_eq "engine_for '$text'" EINVAL "$(errno_of write $ENGINE_FOR "$text")"
done
expect_eq "adopt 2" EINVAL "$(errno_of write $ADOPT 2)"

note "at the load of klpx.ko"
adopt 0
unload_klpx
expect_eq "adopt=1" ok "$(errno_of load "$KLPX/klpx.ko" adopt=1)"
expect_eq "adopt" 1 "$(<$ADOPT)"
adopted $X version=1
disable_patch $X

note "klpx.ko stays as long as adoption is on"
[[ $(errno_of unload klpx) == E* ]] || fail "klpx.ko was removed"
adopt 0
unload_klpx
expect_untraced "klpx.ko is gone"
unload $HELPER
