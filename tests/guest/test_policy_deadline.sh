#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The deadline of /etc/klpx/policy.toml: reversed in time; forced only if the
# file names the patch and the operator allows it. A mistake in the file does
# not keep a patch from being enabled. The rules are applied automatically.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"

P=klpx_test_waits
FILE=/etc/klpx/policy.toml

mkdir -p /etc/klpx
insmod klpx_test_device.ko
start_sleeper killable

note "a mistake: reported, the file is ignored, and the patch is enabled all the same"
echo '[deadlines]' >$FILE
cli 3 enable --timeout 4s $P.ko
says_aside "$FILE:1: unknown key 'deadlines'" "cannot be used"
expect_eq "attached" "" "$(stat_of policy)"
expect_eq "enabled" 1 "$(attr $P enabled)"
expect_eq "transition" 1 "$(attr $P transition)"
cli 0 reverse $P
await_gone $P
cli 0 unload $P

note "reversed when its time is up"
cat >$FILE <<'EOF'
[default]
do = "leave"
[deadline]
after = "2s"
then = "reverse"
EOF
cli 7 enable $P.ko
expect_says "enable" "not complete after 2s, reversed"
expect_eq "attached" klpx "$(stat_of policy)"
await_gone $P
cli 0 unload $P

note "force: not without the name, not without the operator"
cat >$FILE <<'EOF'
[deadline]
after = "2s"
then = "force"
force = ["another"]
EOF
cli 3 enable --allow-force $P.ko
expect_eq "forced" 0 "$(attr $P forced)"
sed -i "s/another/klpx_test_w*/" $FILE
cli 3 wait $P
expect_says "wait" "--allow-force was not given"
cli 0 wait --allow-force $P
expect_eq "enabled" 1 "$(attr $P enabled)"
expect_eq "transition" 0 "$(attr $P transition)"
expect_eq "tasks forced" 1 "$(stat_of switched_forced)"

echo 1 >/dev/klpx_killable
wait "$SLEEPER"
rm $FILE
cli 0 unload $P
cli 0 unload klpx
rmmod klpx_test_device
