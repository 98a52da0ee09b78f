#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Access to the page: without an address, only group klpx; on TCP every local
# account, with a warning; without the group no user but root, with a hint.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/serve.sh
. "$(dirname "$0")/lib/serve.sh"

mkdir -p /run/klpx

note "without group klpx: what to type"
sed -i '/^klpx:/d' /etc/group
install -m 0600 /dev/null $SNAPSHOT
start_serve --listen 127.0.0.1:14917
wait_for "the refusal" health_is broken
[[ $(probe get $SERVE_URL/healthz) == *"groupadd --system klpx"* ]] ||
  fail "no way out: $(probe get $SERVE_URL/healthz)"
grep -q "warning: serve: every local account" /tmp/serve.log || fail "no warning: $(</tmp/serve.log)"
stop_serve TERM
rm $SNAPSHOT
add_group

note "by default: open to group klpx only"
klp-controller serve 2>>/tmp/serve.log &
SERVE_PID=$!
wait_for "the server at its socket" answers_at_socket /
expect_eq "the socket" "root klpx 660" "$(stat -c '%U %G %a' /run/klpx/web.sock)"
! answers / || fail "it is on TCP, where every account can read it"
[[ $(at_socket / evil.example) == "HTTP/1.1 421"* ]] || fail "a foreign name is served"
# as GROUPS: the answer to a user in those groups.
as() {
  setpriv --reuid 65534 --regid 65534 "$@" python3 "$KLPX/guest/lib/http_probe.py" \
    local /run/klpx/web.sock /healthz 2>/dev/null || true
}
[[ $(as --clear-groups) == "" ]] || fail "every account can read it"
[[ $(as --groups "$(stat -c %g /run/klpx/web.sock)") == HTTP/1.1* ]] ||
  fail "group klpx cannot read it"
stop_serve TERM
rm -f /run/klpx/web.sock
