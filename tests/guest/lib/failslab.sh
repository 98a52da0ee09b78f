# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The kernel's own way to make allocations fail; without it, the test is
# skipped. Sourced first of all after klpx.sh and workloads.sh.

FAILSLAB=/sys/kernel/debug/failslab

if [[ ! -d $FAILSLAB ]]; then
  echo "SKIP: failslab"
  exit 77
fi
echo 0 >$FAILSLAB/verbose # no call trace for each
