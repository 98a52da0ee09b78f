# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# The target module, its patches (patches/model.h) and what their callbacks have
# logged. Sourced after klpx.sh and workloads.sh.

A=klpx_model_a
B=klpx_model_b
C=klpx_model_c
TARGET=klpx_model_target
HELPER=klpx_model_helper
SAID=/sys/module/$HELPER/parameters/text
ONE=model_target_one
TWO=model_target_two
WAIT=model_target_wait
BOOT_VERSION=$(</proc/version)

model_start() {
  load_klpx
  load_patch $HELPER
}

model_end() {
  unload $HELPER
  unload_klpx
}

# said: the words logged since the last time.
said() {
  local words
  read -ra words <<<"$(tr '\n' ' ' <$SAID)"
  echo >$SAID
  echo "${words[*]}"
}

# expect_said WHAT WORD...
expect_said() { expect_eq "$1: callbacks" "${*:2}" "$(said)"; }

# target_reads WHAT WORD...
target_reads() {
  local words
  read -ra words </proc/$TARGET || true
  expect_eq "$1: $TARGET" "${*:2}" "${words[*]}"
}

# expect_version WHAT TEXT
expect_version() { expect_eq "$1: /proc/version" "$2" "$(</proc/version)"; }

# start_target_sleeper: a task in the function model_target_wait, which blocks.
start_target_sleeper() {
  start_workload cat /proc/klpx_model_wait >/dev/null
  SLEEPER=$PID
  wait_for "sleeper to sleep" sleeps_in "$SLEEPER" klpx_model_sleep
}

# end_sleeper: makes it leave the function.
end_sleeper() { stop_workload "$SLEEPER"; }

# refused WHAT ERRNO NAME [PARAMETERS]: loading fails, and nothing has changed.
refused() {
  local before
  before=$(snapshot)
  expect_eq "loading $3: $1" "$2" \
    "$(errno_of load "$(module_file "$3")" "${4:-}")"
  expect_eq "the system after: $1" "$before" "$(snapshot)"
}

# refused_write WHAT ERRNO NAME ATTRIBUTE VALUE
refused_write() {
  local before
  before=$(snapshot)
  expect_eq "writing $5 to $3/$4: $1" "$2" \
    "$(errno_of write "$SYS/$3/$4" "$5")"
  expect_eq "the system after: $1" "$before" "$(snapshot)"
}

# functions_of NAME OBJECT: its functions in sysfs, including nops.
functions_of() { (cd "$SYS/$1/$2" 2>/dev/null && echo *,*); }
patched() { attr "$1" "$2/patched"; }

expect_untraced() {
  expect_eq "$1: enabled_functions" "" \
    "$(</sys/kernel/tracing/enabled_functions)"
}

# replaced NAME...: gone from sysfs, and the module is unused.
replaced() {
  local name
  for name; do
    await_gone "$name"
    unload "$name"
  done
}

# rename_module NAME TO: writes TO, a shorter name padded with zeros, where the
# loader looks for the name.
rename_module() {
  mkdir -p /tmp/renamed
  python3 -c 'import sys
old, new = (name.encode() + b"\0" for name in sys.argv[1:])
module = sys.stdin.buffer.read()
sys.stdout.buffer.write(module.replace(old, new.ljust(len(old), b"\0")))' \
    "$1" "$2" <"$(module_file "$1")" >"/tmp/renamed/$2.ko"
}
