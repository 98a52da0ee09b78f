# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What klp-controller history says. Sourced after cli.sh.

export HISTORY=/var/lib/klpx/history.db

# newest FIELD: that field of the newest transition in OUT.
newest() { json_get "['transitions'][0]$1"; }

# wanted FIELD VALUE: expects that value of the newest transition.
wanted() { expect_eq "newest $1" "$2" "$(newest "$1")"; }

# count: the number of transitions in OUT.
count() {
  python3 -c 'import json, sys
print(len(json.load(sys.stdin)["transitions"]))' <<<"$OUT"
}
