#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A second shadow variable of one name, and a query of the previous state
# outside a transition: refused, with the same warning as upstream.
# splat: WARNING: .*\bshadow\.c:\d+
# splat: WARNING: .*\bstates\.c:\d+
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"

load_klpx
load_patch klpx_model_misuse
log=$(dmesg)
[[ $log =~ Duplicate\ shadow\ variable\ '<'[0-9a-f]+,\ 1'>' ]] ||
  fail "there is no warning about the duplicate"
unload klpx_model_misuse
unload_klpx
