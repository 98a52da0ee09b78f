#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every block of docs/OPERATING.md does what the line above it says, in a
# transition that is stuck or while one runs.
# vm: timeout=900 long=1
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/policy.sh
. "$(dirname "$0")/lib/policy.sh"

BLOCKS=$(mktemp -d)

# Writes NN.sh, NN.when (stuck, live) and NN.prints from the document.
split_document() {
  awk -v dir="$BLOCKS" '
    /^<!-- (stuck|live): / {
      n++; when = $2; sub(":", "", when)
      prints = $0; sub(/^<!-- [a-z]+: /, "", prints); sub(/ -->$/, "", prints)
      stem = sprintf("%s/%02d", dir, n)
      print when >(stem ".when"); print prints >(stem ".prints")
    }
    /^```$/ { inside = 0 }
    inside { print >(stem ".sh") }
    /^```sh$/ { inside = 1 }
  ' $KLPX/OPERATING.md
}

blocks() { grep -lx "$1" "$BLOCKS"/*.when; }

# expect_block STEM OUTPUT
expect_block() {
  grep -qP -- "$(<"$1.prints")" <<<"$2" ||
    fail "$(<"$1.sh") printed '$2', not $(<"$1.prints")"
}

split_document
(($(blocks stuck | wc -l) >= 9 && $(blocks live | wc -l) >= 5)) ||
  fail "the document has fewer blocks than it had"
load_klpx

note "a transition that is stuck" # for as long as it takes: no task is signalled
rules <<<'[default]
do = "leave"'
apply
start_reader
load_patch $P
only_pending $P 1
klp-controller blocking >/dev/null
for when in $(blocks stuck); do
  stem=${when%.when}
  if grep -q patch_state "$stem.sh" && [[ ! -e /proc/self/patch_state ]]; then
    continue # this kernel has no livepatch of its own
  fi
  note "$(<"$stem.sh")"
  expect_block "$stem" "$(timeout 120 bash "$stem.sh" 2>&1)"
done
stop_reader
await $P
cli 0 policy unload
wait_for "no policy" nothing_attached

note "a transition that runs"
limit=180
for when in $(blocks live); do
  stem=${when%.when}
  note "$(<"$stem.sh")"
  if is_slow; then # bpftrace is not attached within 40 s there
    limit=600
    sed -i 's/INT 40/INT 300/' "$stem.sh"
  fi
  timeout $limit bash "$stem.sh" >"$stem.output" 2>&1 &
  tracer=$!
  while kill -0 $tracer 2>/dev/null; do # it takes its time to attach
    disable_patch $P
    enable_patch $P
    pause 2
  done
  wait $tracer || true
  expect_block "$stem" "$(<"$stem.output")"
done

disable_patch $P
cli 0 unload klpx
