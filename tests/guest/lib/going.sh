# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A patch module that is freed although its patch is enabled. Sourced after
# klpx.sh and workloads.sh.

export P=klpx_bad_init_fails

not_loaded() { ! is_loaded "$1"; }
held() { [[ $(cat /sys/module/$P/parameters/held 2>/dev/null) == Y ]]; }

# start_load PARAMETERS: the module_init() of $P waits; sets LOADER.
start_load() {
  errno_of load "$(module_file $P)" "$*" >/tmp/answer &
  LOADER=$!
}
# end_load ANSWER
end_load() {
  wait "$LOADER"
  expect_eq "loading $P" "$1" "$(</tmp/answer)"
}
let_go() { echo 0 >/sys/module/$P/parameters/hold; }

# others_load WHEN: loads a module that registers a notifier, and one after it.
# If one of them hangs, the test fails, and the machine goes on.
others_load() {
  local act
  for act in "load $(module_file klpx_test_notifier)" \
    "load $(module_file klpx_model_helper)" "unload klpx_model_helper" \
    "unload klpx_test_notifier"; do
    # shellcheck disable=SC2086
    expect_eq "$1: $act" ok "$(timeout -s KILL $WAIT_SECONDS /tmp/errno_of $act)"
  done
}
