#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# restore: accepted patches are loaded in their order, once; the switch, the
# guard, and files that must not be loaded.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/history.sh
. "$(dirname "$0")/lib/history.sh"

A=klpx_demo_cmdline
B=klpx_test_version1
STORE=/var/lib/klpx/accepted/$(uname -r)
MARK=/var/lib/klpx/attempts/$A

# result PATCH: its result of the restore in OUT.
result() { jq -r --arg n "$1" '.patches[] | select(.name == $n).result' <<<"$OUT"; }
# restored CODE RESULT_A RESULT_B
restored() {
  json "$1" klp.restore/v1 restore
  expect_eq "$A" "$2" "$(result $A)"
  expect_eq "$B" "$3" "$(result $B)"
}
out_again() {
  cli 0 unload $B
  cli 0 unload $A
}

note "nothing accepted"
cli 0 restore
says "no patch is accepted"
cli 0 enable $A.ko
cli 0 enable $B.ko
cli 0 accept $B
cli 0 accept $A
out_again

note "loaded in the order of the stack; again: left alone; in the history"
restored 0 enabled enabled
expect_eq "order" "1 2" "$(attr $A stack_order) $(attr $B stack_order)"
json 0 klp.history/v1 history
wanted "['initiator']['by']" boot
restored 0 unchanged unchanged
out_again

note "switched off"
echo 'quiet klpx.restore=0' >/tmp/cmdline
mount --bind /tmp/cmdline /proc/cmdline
cli 0 restore
says "switched off"
is_loaded $A && fail "$A is loaded"
umount /proc/cmdline

note "the guard: a mark of another boot, and one that is damaged"
restored 0 enabled enabled
cli 0 restore --settle
[[ -e $MARK ]] || fail "no mark before it has settled"
sed -i 's/"boot_id": "[^"]*"/"boot_id": "another"/' $MARK
out_again
restored 6 skipped enabled
cli 0 status
says "note: $A: not loaded at boot: it was being enabled"
echo '{' >$MARK
restored 6 skipped unchanged
cli 0 restore --retry $A
says "$A: enabled"
out_again
sed -i 's/"boot_id": "[^"]*"/"boot_id": "another"/' $MARK
cli 0 accept $A
says "tried again"
restored 0 enabled enabled
out_again

note "an enable by hand of an accepted patch is guarded too"
cli 0 enable $A.ko
[[ -e $MARK ]] || fail "no mark"
cli 0 unload $A

note "files: truncated, owned by others, a link, missing"
FILE=$(echo "$STORE"/$A.*.ko)
cp "$FILE" /tmp/good
truncate -s 5000 "$FILE"
restored 6 skipped enabled
cp /tmp/good "$FILE"
chmod 0666 "$FILE"
restored 6 skipped unchanged
ln -sf /tmp/good "$FILE"
restored 6 skipped unchanged
rm "$FILE"
restored 6 skipped unchanged
cli 0 unload $B
truncate -s 40 "$STORE/list.json"
cli 6 restore
expect_says "restore" "truncated"
chmod 0777 "$STORE"
cli 6 restore
expect_says "restore" "is writable by users"
cli 0 unload klpx
