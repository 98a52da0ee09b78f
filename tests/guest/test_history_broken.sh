#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A history that cannot be written or read: patching still works, and the
# message names the file and what to do. Also a machine that was reset.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/history.sh
. "$(dirname "$0")/lib/history.sh"

P=klpx_demo_cmdline
DIR=${HISTORY%/*}

# patching_works: with one warning that names the file, or with none if called
# with "quietly".
patching_works() {
  cli 0 enable $P.ko
  [[ -n ${1:-} ]] || expect_says "enable" "warning: history $HISTORY"
  expect_eq "/proc/cmdline" "this has been live patched" "$(</proc/cmdline)"
  cli 0 unload $P
  [[ -n ${1:-} ]] || expect_says "unload" "warning: history $HISTORY"
}

# broken WHAT TEXT: patching works, history fails with TEXT.
broken() {
  note "$1"
  patching_works
  cli "${3:-1}" history
  expect_says "history" "history $HISTORY"
  expect_says "history" "$2"
}

sql() { python3 -c 'import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db: db.executescript(sys.argv[2])' $HISTORY "$1"; }

clear_history() { rm -rf ${HISTORY:?}*; }

cli 0 enable $P.ko
cli 0 unload $P
cp -r "$DIR" /tmp/good

note "a machine that went down in mid-transition"
sql "UPDATE transition SET outcome = 'running', ended_ns = NULL,
 boot_id = 'another' WHERE id = 1"
json 0 klp.history/v1 history --outcome interrupted
expect_eq "interrupted transitions" 1 "$(count)"
cli 0 explain 1
says "went down, or was rebooted, while it was running"

sql "PRAGMA user_version = 99"
broken "a newer schema" "newer klp-controller"
clear_history
head -c 20000 /dev/urandom >$HISTORY
broken "not a database" "move it away"
clear_history
sql "CREATE TABLE other (a); PRAGMA user_version = 3"
broken "somebody else's" "another program"
clear_history
cp /tmp/good/history.db $HISTORY
dd if=/dev/zero of=$HISTORY bs=4096 seek=1 count=1 conv=notrunc status=none
broken "damaged" "move it away"
clear_history
mkdir $HISTORY
broken "a directory" "not a regular file"
clear_history
mount -t tmpfs -o ro none "$DIR"
note "a read-only directory"
patching_works
umount "$DIR"

note "a full file system"
mount -t tmpfs -o size=16k none "$DIR"
patching_works
umount "$DIR"

note "moved away, it works again"
patching_works quietly
json 0 klp.history/v1 history
wanted "['outcome']" completed
cli 0 unload klpx
