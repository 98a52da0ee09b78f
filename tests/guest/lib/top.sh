# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# klp-controller top in tmux: sends keys and reads screens. Sourced after cli.sh
# and workloads.sh.

on_tmux() { tmux -L klpx-top "$@"; }
end_terminal() { on_tmux kill-server 2>/dev/null || true; }
trap 'end_terminal; kill_workloads' EXIT

# start_terminal: an interactive shell with 80 columns and 24 rows.
start_terminal() {
  on_tmux -f /dev/null new-session -d -s top -x 80 -y 24 \
    "exec env PS1='ready ' PATH=$PATH bash --norc -i"
  shows "ready"
}

# Starts top in that shell, which shows its exit status afterwards.
start_top() { start_top_with "--delay 1"; }
# start_top_with ARGUMENTS
start_top_with() {
  on_tmux send-keys -t top "clear; klp-controller top $1; echo status=\$?" Enter
}

# keys KEY...: keys as tmux names them: Enter, Escape, Up, C-z, or text to type.
keys() { on_tmux send-keys -t top "$@"; }
resize() { on_tmux resize-window -t top -x "$1" -y "$2"; }

screen() { on_tmux capture-pane -p -t top; }
is_on_screen() { grep -qF -- "$1" <<<"$(screen)"; }
is_off_screen() { ! is_on_screen "$1"; }

# until_screen WORDS COMMAND...: waits; prints the screen if it fails.
until_screen() {
  local what=$1 deadline=$((SECONDS + WAIT_SECONDS))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || { screen >&2; fail "waited for: $what"; }
    pause 0.1
  done
}

# shows TEXT...: waits until each is on the screen. hides TEXT...: until none is.
shows() {
  local text
  for text; do until_screen "'$text' on the screen" is_on_screen "$text"; done
}
hides() {
  local text
  for text; do until_screen "'$text' off the screen" is_off_screen "$text"; done
}

# line TEXT: the number of the first row with TEXT.
line() { screen | grep -nF -m 1 -- "$1" | cut -d: -f1; }

# photograph NAME: copies the screen into the log of the test.
photograph() {
  note "screen: $1"
  screen | sed 's/^/    |/'
}

# top ends with 0, and the shell is back.
quit_top() {
  keys q
  shows "status=0"
}

# start_stuck: tasks that a patch waits for until the test is over.
STUCK=klpx_test_waits
start_stuck() {
  local how
  mkdir -p /etc/klpx
  printf '[default]\ndo = "leave"\n' >/etc/klpx/policy.toml
  [[ -e /dev/klpx_killable ]] || insmod klpx_test_device.ko
  for how; do start_sleeper "$how"; done
}
end_stuck() {
  end_terminal
  [[ ! -d $SYS/$STUCK ]] || cli 0 reverse
  is_loaded $STUCK && cli 0 unload $STUCK
  cli 0 unload klpx
  rm /etc/klpx/policy.toml
  kill_workloads
  wait
  rmmod klpx_test_device
}
