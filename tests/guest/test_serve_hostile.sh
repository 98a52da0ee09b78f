#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600 long=1
# serve with malicious clients: malformed and oversized requests, headers sent
# byte by byte, a thousand connections, foreign names. It answers all the time.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/serve.sh
. "$(dirname "$0")/lib/serve.sh"

PORT=14917
add_group
load_klpx
start_serve --listen 127.0.0.1:14917
wait_for "a snapshot" is_seen

memory_kb() { awk '/^VmRSS:/ { print $2 }' /proc/$SERVE_PID/status; }
sends() { printf '%b' "$1" | probe raw $PORT | head -n 1 | tr -d '\r'; }
says_status() { expect_eq "$1" "$2" "$(sends "$3" | cut -d' ' -f2)"; }
H='Host: localhost\r\nConnection: close\r\n\r\n'

note "only reads, only without a body, only under its own names"
says_status "GET" 200 "GET / HTTP/1.1\r\n$H"
says_status "HEAD" 200 "HEAD / HTTP/1.1\r\n$H"
for method in POST PUT DELETE PATCH OPTIONS TRACE; do
  says_status $method 405 "$method /api/v1/status HTTP/1.1\r\n$H"
done
says_status "a body" 413 "GET / HTTP/1.1\r\nContent-Length: 5\r\n${H}12345"
says_status "chunks" 413 "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n$H"
says_status "a foreign name" 421 "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"
says_status "no name" 400 "GET / HTTP/1.1\r\n\r\n"
says_status "two names" 400 "GET / HTTP/1.1\r\nHost: localhost\r\n$H"
says_status "a long header" 431 "GET / HTTP/1.1\r\nX: $(printf 'a%.0s' {1..9000})\r\n$H"
says_status "a long target" 414 "GET /$(printf 'a%.0s' {1..3000}) HTTP/1.1\r\n$H"
says_status "another file" 400 "GET /../../etc/passwd HTTP/1.1\r\n$H"
says_status "not HTTP" 400 "hello\r\n\r\n"
expect_eq "body of HEAD" 0 \
  "$(printf '%b' "HEAD / HTTP/1.1\r\n$H" | probe raw $PORT | sed '1,/^\r$/d' | wc -c)"
expect_eq "two requests at once" 2 \
  "$(printf '%b' "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\n$H" |
    probe raw $PORT | grep -c '^HTTP/1.1 ')"

note "malformed"
BEFORE=$(memory_kb)
for seed in 1 2; do probe fuzz $PORT 150 $seed; done

note "slow, and many"
expect_eq "with 400 slow clients" answered "$(probe slow $PORT 400 12)"
expect_eq "with 1000 connections" answered "$(ulimit -n 4096 && probe crowd $PORT 1000)"
expect_eq "again" answered "$(ulimit -n 4096 && probe crowd $PORT 1000)"

note "the same process, not grown, with few descriptors open"
[[ -d /proc/$SERVE_PID ]] || fail "the server is gone: $(</tmp/serve.log)"
((($(memory_kb) - BEFORE) < 20000)) || fail "memory: $BEFORE, now $(memory_kb) kB"
few_open() { (($(find /proc/$SERVE_PID/fd -type l | wc -l) < 40)); }
wait_for "the connections to be closed" few_open
stop_serve TERM
unload klpx
