# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Makes allocations fail with the kernel's failslab; without it, the test is
# skipped. Sourced directly after klpx.sh and workloads.sh.

FAILSLAB=/sys/kernel/debug/failslab

if [[ ! -d $FAILSLAB ]]; then
  echo "SKIP: failslab"
  exit 77
fi
echo 0 >$FAILSLAB/verbose # no call trace for each failure
