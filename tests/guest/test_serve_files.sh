#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# serve and the files that it reads: half written, foreign, stale, gone; killed
# and started again; as user nobody, and refused if it could write.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/serve.sh
. "$(dirname "$0")/lib/serve.sh"

add_group
load_klpx
start_serve --listen 127.0.0.1:14917 --unix /tmp/serve.sock
wait_for "a snapshot" is_seen

note "half written, foreign, stale, gone: reported, and what was read stays"
head -c 300 $SNAPSHOT >$SNAPSHOT.half && chmod 0644 $SNAPSHOT.half
cp -p $SNAPSHOT /tmp/kept && mv $SNAPSHOT.half $SNAPSHOT
wait_for "broken" health_is broken
expect_eq "status while broken" 200 "$(status_of /api/v1/status)"
age_snapshot /tmp/kept
probe headers $SERVE_URL/api/v1/status | grep -qi '^X-Klpx-Snapshot: stale' || fail "not said to be stale"
jq -c '.boot_id = "another"' /tmp/kept >/tmp/other
cat /tmp/other >$SNAPSHOT
wait_for "other boot" health_is other-boot
rm $SNAPSHOT
wait_for "gone" health_is broken

note "killed at any moment: the next one serves"
write_snapshot
stop_serve KILL
start_serve --listen 127.0.0.1:14917 --unix /tmp/serve.sock
wait_for "fresh again" is_seen
stop_serve TERM

note "it runs as user nobody, and refuses if that may write"
AS=(setpriv --reuid 65534 --regid 65534 --clear-groups)
"${AS[@]}" klp-controller serve --listen 127.0.0.1:14917 --snapshot /tmp/kept 2>>/tmp/serve.log &
SERVE_PID=$!
wait_for "the server run by user nobody" answers /
stop_serve TERM
chmod 0777 /run/klpx
cli 4 serve --listen 127.0.0.1:0
expect_says "serve" "/run/klpx"
chmod 0755 /run/klpx
cli 2 serve
expect_says "serve" "only root can listen on /run/klpx/web.sock"
AS=()
cli 2 serve --listen nowhere
cli 2 serve --unix /dev/null
unload klpx
