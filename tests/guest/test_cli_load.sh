#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# The file that was checked is the one that is loaded, whatever happens to its
# path meanwhile. Two first enables at once do not disturb each other. Output
# that cannot be written, and files that would block, are reported.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"

A=klpx_demo_cmdline
B=klpx_test_version1

# turned COMMAND...: runs COMMAND after the checks, when the engine is loaded.
turned() { (wait_for "the engine" test -e /sys/module/klpx/initstate && "$@") & }

# The patch that was checked is loaded, and nothing else.
only_a_is_in() {
  wait $!
  expect_eq "enabled" 1 "$(attr $A enabled)"
  [[ ! -d /sys/module/$B ]] || fail "$B was loaded, which was never checked"
  cli 0 unload $A
  cli 0 unload klpx
}

note "the link is pointed at another patch between check and load"
ln -s $A.ko p.ko
ln -s $B.ko q.ko
turned mv -T q.ko p.ko
cli 0 enable ./p.ko
only_a_is_in

note "the file is overwritten in place"
cp --remove-destination $A.ko p.ko
turned cp $B.ko p.ko
cli 0 enable ./p.ko
wait $!
cli 6 accept $A
expect_says "accept" "is not what is loaded as '$A'"
only_a_is_in
rm p.ko

note "a refused enable and a good one at once, both the first"
for _ in 1 2 3; do
  klp-controller enable klpx_bad_init_fails.ko >/dev/null 2>bad &
  cli 0 enable $A.ko
  wait $! && fail "klpx_bad_init_fails was enabled"
  # Refused by its module_init(), or because the good one is in transition.
  grep -q "enable refused" bad || fail "the refused enable says: $(<bad)"
  ! grep -q "klpx.ko is not loaded" bad || fail "it lacked the engine: $(<bad)"
  expect_eq "enabled" 1 "$(attr $A enabled)"
  [[ -e $KLPX_PINS/maps/task_state ]] || fail "the observer's pins are gone"
  cli 0 unload $A
  cli 0 unload klpx
done

note "output that cannot be written"
cli 0 enable $A.ko
for words in "status" "status --json" "list" "metrics" "info $A" "history" \
  "--help" "--version"; do
  status=0
  # shellcheck disable=SC2086 # words
  klp-controller $words >/dev/full 2>errors || status=$?
  expect_eq "exit code of $words >/dev/full" 1 "$status"
  grep -q "standard output: No space left" errors || fail "$words: $(<errors)"
done
status=0
klp-controller list >&- 2>errors || status=$?
expect_eq "exit code with stdout closed" 1 "$status"
klp-controller list <&- >out || fail "stdin closed"
grep -q $A out || fail "stdin closed: $(<out)"

note "a FIFO is refused, not waited for"
mkfifo f.ko
for verb in info preflight enable; do
  status=0
  timeout 60 klp-controller $verb ./f.ko >out 2>&1 || status=$?
  ((status != 0 && status != 124)) || fail "$verb of a FIFO: $status"
  grep -q "not a regular file" out || fail "$verb of a FIFO: $(<out)"
done
mkdir -p /etc/klpx
mkfifo /etc/klpx/policy.toml
timeout 60 klp-controller status >out 2>&1 || fail "status: $? $(<out)"
rm /etc/klpx/policy.toml

note "a large file that is no module"
truncate -s 1000M big.ko
cli 10 enable ./big.ko
truncate -s 200M big.ko
(ulimit -v 400000 && klp-controller preflight ./big.ko >out 2>&1) || true
grep -q "not an ELF file" out || fail "200 MB of nothing: $(<out)"

cli 0 unload $A
cli 0 unload klpx
