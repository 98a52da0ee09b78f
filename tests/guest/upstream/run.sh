#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh [--adopt] [TEST]...: the kernel's own livepatch selftests, as prepared
# in /copy/upstream by tests/vm/upstream_selftests.py, on klpx.ko; then its
# samples. With --adopt, klpx.ko adopts them; then the kpatch program drives
# some. They do not stop at the first failure.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/../lib/klpx.sh"

TEST_SECONDS=600
KSFT_SKIP=4
TESTS=(livepatch callbacks shadow-vars state syscall ftrace sysfs)
EXTRA=(samples)
MAY_SKIP=()
export ADOPT=
if [[ ${1:-} == --adopt ]]; then
  ADOPT=1
  EXTRA+=(kpatch)
  # Its first step is to switch ftrace off, which adoption does not allow.
  MAY_SKIP=(test-ftrace)
  shift
fi
is_extra() { [[ " ${EXTRA[*]} " == *" $1 "* ]]; }

failed=()
# run_one NAME COMMAND...
run_one() {
  local status=0
  echo "=== $1"
  timeout "$TEST_SECONDS" "${@:2}" || status=$?
  case $status in
  0) echo "PASS $1" ;;
  "$KSFT_SKIP")
    echo "SKIP $1"
    [[ " ${MAY_SKIP[*]} " == *" $1 "* ]] || failed+=("$1 (skipped)")
    ;;
  *) echo "FAIL $1 (exit $status)" && failed+=("$1") ;;
  esac
}

# Run from memory: modules are loaded very often.
here=$(readlink -f "$(dirname "$0")")
cp -r /copy/upstream /tmp/upstream
cd /tmp/upstream/selftests

# The scripts require a build directory, although nothing here needs it.
export KDIR=/tmp

wanted=("$@")
((${#wanted[@]})) || wanted=("${TESTS[@]/#/test-}" "${EXTRA[@]}")
for name in "${wanted[@]}"; do
  is_extra "$name" || [[ -x ./$name.sh ]] || fail "no test '$name'"
done
load_klpx
# adopt 0|1
adopt() {
  [[ -z $ADOPT ]] || expect_eq "adopt $1" ok \
    "$(errno_of write /sys/module/klpx/livepatch/adopt "$1")"
}
adopt 1
for name in "${wanted[@]}"; do
  if is_extra "$name"; then
    run_one "$name" "$here/$name.sh"
  else
    run_one "$name" "./$name.sh"
  fi
done
adopt 0
unload_klpx
"$here/../lib/check_clean.sh"
((${#failed[@]} == 0)) || fail "${failed[*]}"
