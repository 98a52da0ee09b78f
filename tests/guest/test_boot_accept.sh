#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# accept: takes only what is loaded, atomically, one process at a time; a health
# check that was passed can call it.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/history.sh
. "$(dirname "$0")/lib/history.sh"
# shellcheck source=tests/guest/lib/gate.sh
. "$(dirname "$0")/lib/gate.sh"

A=klpx_demo_cmdline
B=klpx_test_version1
STORE=/var/lib/klpx/accepted/$(uname -r)

accepted() {
  json 0 klp.accepted/v1 accept --list
  jq -r '[.patches[].name] | join(" ")' <<<"$OUT"
}

note "refused: not root, nothing named, not enabled, another file"
AS=(setpriv --reuid nobody --clear-groups)
cli 4 accept $A
AS=()
cli 2 accept
cli 5 accept $A
expect_eq "accepted" "" "$(accepted)"
cli 0 enable $A.ko
mkdir -p /tmp/other
python3 - $A.ko /tmp/other/$A.ko <<'PYTHON'
import pathlib, sys
data = bytearray(pathlib.Path(sys.argv[1]).read_bytes())
at = data.index(b"GNU\0", data.index(b"\x14\0\0\0\x03\0\0\0GNU\0")) + 4
data[at] ^= 1
pathlib.Path(sys.argv[2]).write_bytes(data)
PYTHON
cli 6 accept /tmp/other/$A.ko
expect_says "accept" "is not what is loaded as '$A'"
expect_eq "accepted" "" "$(accepted)"

note "by name: the file that it was enabled from"
cli 0 accept $A
expect_eq "accepted" $A "$(accepted)"
cmp $A.ko "$STORE"/$A.*.ko
expect_eq "mode" "640 0" "$(stat -c '%a %u' "$STORE/list.json")"
expect_eq "files" 2 "$(find "$STORE" -type f | wc -l)"

note "two at once"
cli 0 enable $B.ko
klp-controller accept $A &
klp-controller accept $B.ko &
wait
expect_eq "accepted" "$A $B" "$(accepted)"

note "killed at any moment: the old list or the new one, and no other file left"
for i in {1..30}; do
  timeout -s KILL "0.0$((RANDOM % 90 + 10))" \
    klp-controller accept $B.ko >/dev/null 2>&1 || true
  now=$(accepted)
  [[ $now == "$A $B" ]] || fail "after kill $i: '$now'"
done
cli 0 accept $B
expect_eq "files" 3 "$(find "$STORE" -type f | wc -l)"

note "revoked"
cli 0 accept --revoke $B
cli 0 accept --revoke $B
expect_says "accept" "was not accepted"
expect_eq "accepted" $A "$(accepted)"
expect_eq "files" 2 "$(find "$STORE" -type f | wc -l)"

note "a gate that was passed accepts"
cli 0 unload $B
health 'accept = "auto"'
cli 0 enable $B.ko
expect_eq "accepted" "$A $B" "$(accepted)"

cli 0 unload $B
cli 0 unload $A
cli 0 unload klpx
