#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh [TEST]...: the kernel's own livepatch selftests, as prepared in
# /copy/upstream by tests/vm/upstream_selftests.py, on klpx.ko; then its
# samples. They do not stop at the first failure.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/../lib/klpx.sh"

TEST_SECONDS=600
KSFT_SKIP=4
TESTS=(livepatch callbacks shadow-vars state syscall ftrace sysfs)

failed=()
# run_one NAME COMMAND...
run_one() {
  local status=0
  echo "=== $1"
  timeout "$TEST_SECONDS" "${@:2}" || status=$?
  case $status in
  0) echo "PASS $1" ;;
  "$KSFT_SKIP") echo "SKIP $1" && failed+=("$1 (skipped)") ;;
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
((${#wanted[@]})) || wanted=("${TESTS[@]/#/test-}" samples)
for name in "${wanted[@]}"; do
  [[ $name == samples ]] || [[ -x ./$name.sh ]] || fail "no test '$name'"
done
load_klpx
for name in "${wanted[@]}"; do
  if [[ $name == samples ]]; then
    run_one samples "$here/samples.sh"
  else
    run_one "$name" "./$name.sh"
  fi
done
unload_klpx
"$here/../lib/check_clean.sh"
((${#failed[@]} == 0)) || fail "${failed[*]}"
