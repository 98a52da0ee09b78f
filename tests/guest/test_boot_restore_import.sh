#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# accept --import-kpatch: what kpatch has installed, for either engine and for
# neither; restore loads it. A patch for an engine that the kernel does not have
# is refused.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"

A=klpx_demo_cmdline
L=klpx_coexist_upstream
FROM=/tmp/kpatch
DIR=$FROM/$(uname -r)
LIVEPATCH=/sys/kernel/livepatch/$L
EXPECTED=refused
! [[ -d ${LIVEPATCH%/*} ]] || EXPECTED=importable

result() { jq -r --arg name "$1" '.patches[] | select(.name == $name).result' <<<"$OUT"; }

insmod klpx_coexist_target.ko # the patch's target, with a symbol that it uses
cli 5 accept --import-kpatch $FROM
mkdir -p "$DIR" /tmp/foreign
cp $A.ko $L.ko klpx_test_device.ko "$DIR"
head -c 3000 $A.ko >"$DIR/cut.ko"
install -D -m 644 $A.ko /tmp/open/$A.ko
chmod 777 /tmp/open # other users could replace a file there
ln -s /tmp/open/$A.ko "$DIR/link.ko"
echo text >"$DIR/README"

note "checked, not accepted"
json 6 klp.restore/v1 accept --import-kpatch $FROM
expect_eq "files" 5 "$(jq '.patches | length' <<<"$OUT")"
expect_eq "$A" importable "$(result $A.ko)"
expect_eq "$L" "$EXPECTED" "$(result $L.ko)"
for name in klpx_test_device cut link; do
  expect_eq "$name" refused "$(result $name.ko)"
done
cli 0 accept --list
says "no patch is accepted"

note "accepted, and warned about kpatch.service"
mkdir -p /etc/systemd/system/multi-user.target.wants
touch /etc/systemd/system/multi-user.target.wants/kpatch.service
cli 6 accept --import-kpatch $FROM --take
expect_says "import" "kpatch.service is enabled"
rm /etc/systemd/system/multi-user.target.wants/kpatch.service
json 6 klp.restore/v1 accept --import-kpatch $FROM
expect_eq "$A" unchanged "$(result $A.ko)"

note "restored, each by its engine"
json 0 klp.restore/v1 restore
expect_eq "$A" enabled "$(result $A)"
if [[ $EXPECTED == importable ]]; then
  expect_eq "$L" enabled "$(result $L)"
  expect_eq "livepatch" "1 0" "$(<$LIVEPATCH/enabled) $(<$LIVEPATCH/transition)"
  json 0 klp.restore/v1 restore
  expect_eq "$L" unchanged "$(result $L)"
  echo 0 >$LIVEPATCH/enabled
  wait_for "$L to be out" bash -c "! [[ -d $LIVEPATCH ]]"
  wait_for "$L to be unused" unused $L
  rmmod $L
else
  expect_eq "$L" "" "$(result $L)"
fi

rmmod klpx_coexist_target
cli 0 unload $A
cli 0 unload klpx
