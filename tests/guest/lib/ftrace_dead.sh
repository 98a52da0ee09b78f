# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# ftrace is shut down for good while others use it. Sourced after klpx.sh.

P=klpx_test_version1
BOOT_VERSION=$(</proc/version)
TRACING=/sys/kernel/tracing
WATCHED=vfs_read

# Two users on one function, so that ftrace walks the list of all its users.
others_watch() {
  echo $WATCHED >$TRACING/set_ftrace_filter
  echo function >$TRACING/current_tracer
  echo "p:klpxprobe $WATCHED" >$TRACING/kprobe_events
  echo 1 >$TRACING/events/kprobes/klpxprobe/enable
}

kill_ftrace() {
  expect_eq "loading klpx_test_ftrace_kill" ok \
    "$(errno_of load "$(module_file klpx_test_ftrace_kill)")"
  unload klpx_test_ftrace_kill
  touch /run/klpx-test-ftrace-dead # functions stay traced: check_clean.sh
}

# Calls the function and unwinds stacks: those of all tasks, and one with an
# address of a module on it.
expect_alive() {
  local file
  for file in /proc/[0-9]*/stack; do
    cat "$file" >/dev/null 2>&1 || true
  done
  expect_eq "/proc/version" "$BOOT_VERSION" "$(</proc/version)"
}
