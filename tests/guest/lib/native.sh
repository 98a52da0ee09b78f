# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Patches of the kernel's own livepatch, through klp-controller. Sourced after
# workloads.sh and cli.sh; the verbs of klpx.sh then act on that engine.

SYS=/sys/kernel/livepatch
export W=klpx_native_waits V=klpx_test_upstream

if [[ ! -d $SYS ]]; then
  echo "SKIP: livepatch"
  exit 77
fi

# blocker TID FIELD: that field of the task in the OUT of blocking -j; "" if the
# task does not block.
blocker() {
  jq -r "[.blockers[] | select(.tid == $1) | .$2][0] // \"\"" <<<"$OUT"
}

# blocks TID FIELD VALUE: waits for that; the kernel checks once a second.
blocks_now() {
  OUT=$(klp-controller -j blocking)
  [[ $(blocker "$1" "$2") == "$3" ]]
}
blocks() { wait_for "task $1 to have $2 $3" blocks_now "$1" "$2" "$3"; }

left_is() { [[ $(klp-controller -j blocking | jq '.blockers | length') == "$1" ]]; }
# only_blocks COUNT: waits until COUNT tasks are left.
only_blocks() { wait_for "$1 tasks left" left_is "$1"; }

# in_map TID FIELD: that field of the task, as bpftool shows the pinned map.
in_map() {
  "$KLPX/bin/bpftool" -j map dump pinned "$KLPX_PINS"/maps/task_state |
    jq -r "[.[].formatted | select(.key.tid == $1) | .value.$2][0] // \"\""
}

# tidy: removes what the observers leave behind.
tidy() { cli 0 unload klpx; }
