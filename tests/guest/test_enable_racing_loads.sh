#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Two patches loaded at the same moment, repeatedly: of the same function, of
# different ones, and one patch twice. One is enabled; the other is enabled too,
# or refused with the documented errno. The system is as before afterwards.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"

ROUNDS=5
! is_slow || ROUNDS=2
cp -r $KLPX/patches /tmp/
cp /tmp/patches/$A.ko /tmp/copy.ko
FILE_A=/tmp/patches/$A.ko
FILE_B=/tmp/patches/$B.ko

# at_once FILE PARAMETERS FILE PARAMETERS ANSWERS: both answers match the
# regular expression. Then all patches are disabled.
at_once() {
  local name answers
  errno_of load "$1" "$2" >/tmp/answer &
  answers=$(errno_of load "$3" "$4")
  wait $!
  answers="$(</tmp/answer) $answers"
  [[ $answers =~ ^($5)$ ]] || fail "loaded at once, $2 and $4: $answers"
  echo "$answers" >>/tmp/answers
  for name in "$A" "$B"; do is_gone "$name" || await "$name"; done
  for name in "$A" "$B"; do is_gone "$name" || disable_patch "$name"; done
  expect_eq "the system afterwards" "$BEFORE" "$(snapshot)"
}

model_start
load_patch $TARGET
BEFORE=$(snapshot)
for model in 0 1; do
  note "stop_machine=$model"
  for ((n = 0; n < ROUNDS; n++)); do
    for two in $ONE $TWO; do
      at_once "$FILE_A" "funcs=$ONE stop_machine=$model" "$FILE_B" \
        "funcs=$two stop_machine=$model" "ok ok|ok EBUSY|EBUSY ok"
    done
    # One of them is loaded already; newer kernels (7.2) turn EEXIST into EBUSY.
    at_once "$FILE_A" funcs=$ONE /tmp/copy.ko funcs=$ONE \
      "ok E(EXIST|BUSY)|E(EXIST|BUSY) ok"
  done
done
sort /tmp/answers | uniq -c | sed 's/^/# /'
target_reads "all disabled" one two
expect_eq "references to $TARGET" 0 "$(refcount $TARGET)"
unload $TARGET
model_end
