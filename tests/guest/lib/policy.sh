# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Rules for a reader that blocks. Sourced after cli.sh.

P=klpx_demo_eventfd
FILE=/tmp/policy.toml

rules() { cat >$FILE; }
apply() { cli 0 policy apply $FILE; }

nothing_attached() { [[ -z $(stat_of policy) ]]; }

# Waits until only the reader is left.
blocked() {
  cli 0 enable --no-wait $P.ko
  only_pending $P 1
}
