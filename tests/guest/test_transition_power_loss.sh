#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm: boots=4 disk=64 timeout=600
# The machine is reset while the history is written: after each boot the
# database is intact, and has every transition that was reported as written.
# shellcheck source=tests/guest/lib/klpx.sh
. "$(dirname "$0")/lib/klpx.sh"
# shellcheck source=tests/guest/lib/cli.sh
. "$(dirname "$0")/lib/cli.sh"
# shellcheck source=tests/guest/lib/history.sh
. "$(dirname "$0")/lib/history.sh"
# shellcheck source=tests/guest/lib/reboot.sh
. "$(dirname "$0")/lib/reboot.sh"

P=klpx_demo_cmdline
REPORTED=/var/lib/klpx/reported # written to disk after the history

check() {
  python3 - "$HISTORY" "$REPORTED" <<'PYTHON'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
assert not db.execute("PRAGMA foreign_key_check").fetchall()
made = db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'transition'")
have = dict(db.execute("SELECT id, outcome FROM transition")
            if made.fetchone() else ())
reported = [line.split() for line in open(sys.argv[2])]
for number, outcome in reported:
    assert have.get(int(number)) == outcome, (number, outcome, have)
print(f"# {len(reported)} transitions reported, all there, {len(have)} in all")
PYTHON
}

report() {
  json 0 klp.history/v1 history -n 1
  echo "$(newest "['id']") $(newest "['outcome']")" >>$REPORTED
  sync $REPORTED
}

# The first boot may end before there is a history. The others write some first,
# however slow the host is, and end at any instant after that.
write_until_reset() {
  local lines
  lines=$(grep -c '' $REPORTED || true)
  (
    while ((KLPX_BOOT > 1 && $(grep -c '' $REPORTED) < lines + 2)); do
      pause 0.2
    done
    pause "$((RANDOM % 9 + 1)).$((RANDOM % 900 + 100))"
    reset_machine
  ) &
  while true; do
    klp-controller -q enable $P.ko
    report
    klp-controller -q unload $P
    report
  done
}

state_disk
touch $REPORTED
((KLPX_BOOT == 1)) || check
((KLPX_BOOT == 4)) || write_until_reset
[[ -s $REPORTED ]] || fail "nothing was ever reported"
cli 0 history
end_state_disk
