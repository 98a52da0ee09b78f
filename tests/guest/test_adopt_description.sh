#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Descriptions of adopted patches are hostile input: what is absent, points to
# nothing or to something else, has no end or goes is refused with EINVAL, and
# the system is as before. One that its author frees is accepted: nothing of it
# is read later.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/model.sh
. "$(dirname "$0")/lib/model.sh"
# shellcheck source=tests/guest/lib/adopt.sh
. "$(dirname "$0")/lib/adopt.sh"

P=klpx_adopt_bad
WRONG="no_patch patch no_objs objs objs_no_end states no_mod mod mod_data
  no_name no_new_func name odd_name unknown middle data init_func no_end
  no_funcs object_name object_odd funcs callback callback_middle
  stack init_patch init_objs init_funcs init_states"

adopt_start
note "accepted"
adopted $P
expect_version "accepted" $P
disable_patch $P

note "refused"
for what in $WRONG; do
  dmesg --clear
  refused "$what" EINVAL $P "what=$what"
  nothing_of $P
  dmesg | grep 'klpx: forged' && fail "$what: a forged line"
  note "$what: $(dmesg | sed -n 's/.*klpx: //p' | head -n 1)"
done

note "freed by its author"
adopted $P what=freed
expect_version "freed" $P
cat $THEIRS/$P/*/patched $OURS/$P/stack_order >/dev/null
load_patch $TARGET
unload $TARGET
adopted $X "version=1 replace=1"
replaced $P
disable_patch $X
adopt_end
