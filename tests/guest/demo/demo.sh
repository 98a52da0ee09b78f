#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What './run demo' shows: two live patches on a stock kernel, from load to
# unload, and the task that blocks one. Exits 0 only if every step did what its
# text says.
# shellcheck source=tests/guest/lib/klpx.sh
. /opt/klpx/guest/lib/klpx.sh
# shellcheck source=tests/guest/lib/workloads.sh
. /opt/klpx/guest/lib/workloads.sh
# shellcheck source=tests/guest/demo/transcript.sh
. "$(dirname "$0")/transcript.sh"

# reads NUMBER VALUE...: writes NUMBER to the eventfd, expects what the reader
# gets.
reads() {
  local value
  printf '\n  -- %s is written to the eventfd\n' "$1"
  give_reader "$1"
  for value in "${@:2}"; do
    OUT=$(next_read)
    printf '  reader: %s\n' "$OUT"
    shows "read $value"
  done
}

# Run from memory, not from the virtual machine's file share: it starts faster.
HERE=/tmp/klpx
mkdir -p $HERE/bin
cp "$KLPX/bin/klp-controller" $HERE/bin/
cp "$KLPX/klpx.ko" "$KLPX"/examples/*.ko $HERE/
PATH=$HERE/bin:$PATH
cd $HERE
P=klpx_demo_eventfd

step "A stock Debian kernel, nothing patched"
run "uname -r"
KERNEL=$OUT
run "cat /proc/cmdline"
BOOT_LINE=$OUT
run "klp-controller status"

step "A first patch: /proc/cmdline says something new"
run "klp-controller enable klpx_demo_cmdline.ko"
shows complete
run "cat /proc/cmdline"
shows "this has been live patched"

step "A program sleeps in the kernel" \
  "It waits in read(2) of an eventfd: in the kernel's function eventfd_read()."
start_reader
printf '  reader: its thread is %s\n' "$READER_TID"
reads 5 5
wait_for "reader to sleep" sleeps_in "$READER_TID" eventfd_read

step "That very function is patched" \
  "The new eventfd_read() counts down one by one. A task that sleeps in the old" \
  "one would wake up in old code, so it cannot be switched yet."
run "klp-controller enable --no-wait $P.ko"
wait_for "all but one task to switch" pending_is $P 1
run "klp-controller blocking --verbose"
shows "$READER_TID" on-function eventfd_read vfs_read
run "bpftool map dump pinned /sys/fs/bpf/klpx/maps/task_state |
    grep -E '\"(patch|target|reason|function|comm)\"'"
shows KLPX_ON_FUNCTION eventfd_read eventfd-reader

step "A fake signal gets it moving" \
  "It leaves the system call and enters it again, through the new function."
run "klp-controller signal $P --task $READER_TID"
run "klp-controller wait $P"
run "klp-controller list"
shows $P
[[ $(attr $P transition) == 0 ]] || die "the transition has not ended"
reads 3 1 1 1

step "And back: both patches are disabled and unloaded" \
  "The reader sleeps in the new function now, so it gets a signal once more."
wait_for "reader to sleep" sleeps_in "$READER_TID" demo_eventfd_read
run "klp-controller disable --no-wait $P"
wait_for "all but one task to switch" pending_is $P 1
run "klp-controller signal $P"
run "klp-controller unload $P"
reads 5 5
stop_reader
run "klp-controller unload klpx_demo_cmdline"
run "cat /proc/cmdline"
shows "$BOOT_LINE"
run "klp-controller unload klpx"
run "grep -c klpx /proc/modules || true"
shows 0
"$KLPX/guest/lib/check_clean.sh" || die "something was left behind"

printf '\n%d checks passed on Linux %s. The machine is as it was.\n' \
  "$CHECKS" "$KERNEL"
