# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# Patches for the kernel's own livepatch (patches/adopt.h) that klpx adopts.
# Sourced after klpx.sh, workloads.sh and model.sh.

X=klpx_adopt_x
Y=klpx_adopt_y
OURS=/sys/kernel/klpx
THEIRS=/sys/kernel/livepatch
ADOPT=/sys/module/klpx/livepatch/adopt
ENGINE_FOR=/sys/module/klpx/livepatch/engine_for

if [[ ! -d $THEIRS ]]; then
  echo "SKIP: livepatch"
  exit 77
fi

# From memory: the same modules are loaded very often.
cp -r "$KLPX/patches" /tmp/
module_file() { echo "/tmp/patches/$1.ko"; }

# adopt 0|1: switches adoption.
adopt() {
  expect_eq "writing $1 to adopt" ok "$(errno_of write $ADOPT "$1")"
  expect_eq "adopt" "$1" "$(<$ADOPT)"
}

adopt_start() {
  model_start
  adopt 1
}

adopt_end() {
  adopt 0
  model_end
}

# is_adopted NAME: the patch runs on klpx, and is where the kernel's own are too.
is_adopted() {
  expect_eq "$1/adopted" 1 "$(<$OURS/"$1"/adopted)"
  expect_eq "the link to $1" "$(readlink -f $OURS/"$1")" \
    "$(readlink -f $THEIRS/"$1")"
}

# is_theirs NAME: the patch runs on the kernel's engine.
is_theirs() {
  [[ -d $THEIRS/$1 && ! -L $THEIRS/$1 ]] || fail "$1 is not the kernel's"
  [[ ! -e $OURS/$1 ]] || fail "$1 is klpx's too"
}

# adopted NAME [PARAMETERS]: loads it, waits for it.
adopted() {
  enable_patch "$@"
  is_adopted "$1"
}

# nothing_of NAME: neither engine shows it, and the module is not loaded.
nothing_of() {
  [[ ! -e $OURS/$1 && ! -L $THEIRS/$1 && ! -e $THEIRS/$1 ]] ||
    fail "there is still a directory of $1"
  ! is_loaded "$1" || fail "$1 is loaded"
}

# theirs NAME [PARAMETERS], theirs_off NAME: on the kernel's engine.
theirs() {
  SYS=$THEIRS
  enable_patch "$@"
  is_theirs "$1"
  SYS=$OURS
}
theirs_off() {
  SYS=$THEIRS
  disable_patch "$1"
  SYS=$OURS
}

# load_after ORDER NAME [PARAMETERS]: one process writes ORDER to engine_for, and
# loads the module NAME; prints the errno.
load_after() {
  (echo "$1" >$ENGINE_FOR && exec /tmp/errno_of load "$(module_file "$2")" "${3:-}")
}

# patch_state TASK
patch_state() { echo "$(<"/proc/$1/patch_state")"; }
