# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by every guest test: the verbs for klpx.ko and its patches, which use
# sysfs and module loading only. lib/workloads.sh has what keeps a transition
# waiting, lib/cli.sh the command line interface.
set -euo pipefail

KLPX=/opt/klpx
SYS=/sys/kernel/klpx
STATS=/sys/module/klpx/stats

# shellcheck source=tests/guest/lib/assert.sh
. "$(dirname "${BASH_SOURCE[0]}")/assert.sh"

# errno_of VERB ARGUMENT...: see workloads/errno_of.c. Run from memory, not from
# the virtual machine's file share, because it is run very often.
cp "$KLPX/workloads/errno_of" /tmp/
errno_of() { /tmp/errno_of "$@"; }

stat_of() { echo "$(<"$STATS/$1")"; }
attr() { echo "$(<"$SYS/$1/$2")"; }
refcount() { echo "$(<"/sys/module/$1/refcnt")"; }
is_loaded() { [[ -d /sys/module/$1 ]]; }
is_gone() { [[ ! -d $SYS/$1 ]]; }
has_settled() { [[ $(attr "$1" transition) == 0 ]]; }

module_file() {
  local file
  for file in "$KLPX"/{examples,patches}/"$1.ko" "/tmp/renamed/$1.ko"; do
    [[ ! -e $file ]] || { printf '%s' "$file"; return; }
  done
  fail "module '$1': no such file in examples/ or patches/"
}

load_klpx() { expect_eq "loading klpx.ko" ok "$(errno_of load "$KLPX/klpx.ko")"; }

# load_patch NAME [PARAMETERS]: starts the transition, and does not wait for it.
load_patch() {
  expect_eq "loading $1" ok "$(errno_of load "$(module_file "$1")" "${2:-}")"
}

# write_attr NAME ATTRIBUTE VALUE
write_attr() {
  expect_eq "writing $3 to $1/$2" ok "$(errno_of write "$SYS/$1/$2" "$3")"
}

await() { wait_for "transition of $1 to end" has_settled "$1"; }
enable_patch() { load_patch "$@" && await "$1"; }
start_disable() { write_attr "$1" enabled 0; }
await_gone() { wait_for "patch $1 to be gone" is_gone "$1"; }

unload() {
  wait_for "module $1 to be unused" unused "$1"
  expect_eq "unloading $1" ok "$(errno_of unload "$1")"
}
unused() { [[ $(refcount "$1") == 0 ]]; }

# disable_patch NAME: disables it and unloads its module.
disable_patch() {
  start_disable "$1"
  await_gone "$1"
  unload "$1"
}

unload_klpx() {
  expect_eq "pending-set entries at the end" 0 "$(stat_of entries)"
  unload klpx
}

# expect_logged TEXT...: klpx.ko has logged exactly that.
expect_logged() {
  local log text
  log=$(dmesg)
  for text; do
    [[ $log == *"klpx: $text"* ]] || fail "not in the log: klpx: $text"
  done
}

# The state that a refusal must not change. Starts no program: it is called often.
# Reference counts of modules are left out: the BPF observer changes them.
snapshot() {
  local file first users
  for file in "$STATS/entries" /proc/version \
    "$SYS"/*/{enabled,transition,target,pending,stack_order,forced}; do
    [[ ! -r $file ]] || { read -r first <"$file" && echo "$file: $first"; }
  done
  while read -r first _; do
    echo "function $first"
  done </sys/kernel/tracing/enabled_functions
  while read -r first _ _ users _; do
    echo "module $first $users"
  done </proc/modules
}
