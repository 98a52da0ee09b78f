#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: memory=4096 timeout=1200
# The web page of this machine in a browser: a stuck transition with its tasks
# and their stacks, and its end.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/daemon.sh
. "$(dirname "$0")/lib/daemon.sh"
# shellcheck source=tests/guest/lib/serve.sh
. "$(dirname "$0")/lib/serve.sh"

if ! type chromium >/dev/null 2>&1; then
  echo "SKIP: chromium"
  exit 77
fi

W=klpx_test_waits
add_group
printf '[default]\ndo = "leave"\n' | policy
start_daemon
load_klpx
load_patch klpx_test_device
start_sleeper killable
KILLABLE=$SLEEPER
start_sleeper interruptible
cli 0 enable --no-wait $W.ko
only_pending $W 2
await_snapshot '.blocking.blockers | length' 2
start_serve --listen 127.0.0.1:14917
"$KLPX/page/guest_page.py" $SERVE_URL/ "$KLPX/.vm/kept/page" $W killable_read \
  "$KILLABLE" "$SLEEPER" -- sh -c "
    echo 1 >/dev/klpx_killable
    echo 1 >/dev/klpx_interruptible"
wait "$KILLABLE" "$SLEEPER"
stop_serve TERM
end_daemon TERM
cli 0 unload $W
unload klpx_test_device
cli 0 unload klpx
