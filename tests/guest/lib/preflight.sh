# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What klp-controller preflight finds. Sourced after cli.sh.

codes() {
  python3 -c "import json, sys
print(*(found['code'] for found in json.load(sys.stdin)['findings']))" <<<"$OUT"
}

# ask CODE FILE: runs a preflight with this exit code, which changes nothing.
ask() {
  local before
  before=$(snapshot)
  json "$1" klp.preflight/v1 preflight "$2"
  expect_eq "the system after a preflight of $2" "$before" "$(snapshot)"
}

# finds CODE FINDINGS FILE: exactly these findings. finds_too FINDING FILE: this
# one among others, and the patch is refused.
finds() {
  ask "$1" "$3"
  expect_eq "findings of $3" "$2" "$(codes)"
}
finds_too() {
  ask 6 "$2"
  [[ " $(codes) " == *" $1 "* ]] || fail "findings of $2: $(codes), no $1"
}

# The BPF program that walks stacks ends with its process, but the kernel frees it
# a moment later.
has_no_program() {
  ! "$KLPX/bin/bpftool" prog | grep -q emit_task_stack
}
leaves_no_program() {
  wait_for "the walk of stacks to be gone" has_no_program
}

# task_is TID OBSTACLE FUNCTION: the last preflight has listed the task like that.
task_is() {
  local row
  row=$(python3 -c "import json, sys
for task in json.load(sys.stdin)['forecast']['in_the_way']:
    if task['tid'] == $1:
        print(task['obstacle'], task['function'], task['comm'])" <<<"$OUT")
  expect_eq "blocking task $1" "$2 $3 ${4:-cat}" "$row"
}
