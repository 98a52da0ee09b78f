#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: timeout=600
# /metrics scraped by Debian's prometheus with our alert rules loaded, and the
# file for node_exporter.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/workloads.sh
. "$(dirname "$0")/lib/workloads.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/serve.sh
. "$(dirname "$0")/lib/serve.sh"

P=klpx_test_waits
add_group
load_klpx
load_patch klpx_test_device
start_sleeper killable
cli 3 enable --timeout 2 $P.ko

note "the file: from the kernel itself, no daemon needed"
cli 0 metrics --textfile /tmp/klpx.prom
expect_eq "mode" 644 "$(stat -c %a /tmp/klpx.prom)"
promtool check metrics </tmp/klpx.prom || fail "promtool: $(</tmp/klpx.prom)"
has() { grep -qxF "$1" /tmp/klpx.prom || fail "no '$1' in $(</tmp/klpx.prom)"; }
has 'klp_up 1'
has "klp_patch_in_transition{patch=\"$P\"} 1"
has "klp_transition_pending_tasks{patch=\"$P\",reason=\"uninterruptible\"} 1"
! grep -q "$SLEEPER" /tmp/klpx.prom || fail "a label names a task"
cli 1 metrics --textfile /nonexistent/klpx.prom
expect_eq "left behind" "" "$(find /tmp -name '.klpx.prom*')"

note "scraped"
start_serve --listen 127.0.0.1:14917
wait_for "a snapshot" is_seen
probe get $SERVE_URL/metrics | promtool check metrics || fail "promtool: /metrics"
expect_eq "end of OpenMetrics" "# EOF" \
  "$(probe get $SERVE_URL/metrics "Accept: application/openmetrics-text" | tail -n 1)"
cat >/tmp/prometheus.yml <<'EOT'
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
rule_files: [/opt/klpx/installed/share/klpx/klpx.rules.yml]
scrape_configs:
  - job_name: klpx
    static_configs: [{targets: ["127.0.0.1:14917"]}]
EOT
promtool check config /tmp/prometheus.yml
prometheus --config.file=/tmp/prometheus.yml --storage.tsdb.path=/tmp/tsdb \
  --web.listen-address=127.0.0.1:19090 --log.level=error >/tmp/prometheus.log 2>&1 &
PROMETHEUS=$!
PIDS+=("$PROMETHEUS")
# value QUERY: the value of its only result.
value() {
  http "/api/v1/query?query=$(jq -rn --arg q "$1" '$q|@uri')" 19090 |
    sed '1,/^\r$/d' | jq -r '.data.result[0].value[1]'
}
refresh() { write_snapshot && [[ $(value "$1" 2>/dev/null) == "$2" ]]; }
wait_for "prometheus to scrape" refresh 'up{job="klpx"}' 1
wait_for "klp_up" refresh klp_up 1
wait_for "pending tasks" refresh 'sum(klp_transition_pending_tasks)' 1
wait_for "the patch" refresh "klp_patch_in_transition{patch=\"$P\"}" 1
expect_eq "rules" 1 "$(probe get http://127.0.0.1:19090/api/v1/rules | jq '.data.groups | length')"

note "the transition ends, and is counted"
write_attr $P enabled 0
stop_workload "$SLEEPER"
await_gone $P
wait_for "the end" refresh 'sum(klp_transitions_total{result="reversed"})' 1
expect_eq "waited for" null "$(value 'klp_transition_pending_tasks')"
kill "$PROMETHEUS"
wait "$PROMETHEUS" || true
stop_serve TERM
unload $P
unload klpx_test_device
cli 0 unload klpx
