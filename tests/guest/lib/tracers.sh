# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# All kinds of tracers of kernel functions, behind three verbs: attach, look,
# detach. At a time there can be one of a module, one of tracefs and one of BPF.
# Sourced after workloads.sh.

TRACEFS=/sys/kernel/tracing

# The kinds that are modules of tests/patches/, with their parameters; those of
# tracefs; those of BPF (workloads/tracer.c).
declare -A MODULE_KINDS=(
  [ops]=klpx_coexist_ops
  [ops_ipmodify]="klpx_coexist_ops ipmodify=1"
  [kprobe]=klpx_coexist_kprobe
  [kprobe_post]="klpx_coexist_kprobe post=1"
  [kprobe_inside]="klpx_coexist_kprobe inside=1"
  [kretprobe]=klpx_coexist_kretprobe
  [fprobe]=klpx_coexist_fprobe
  [fprobe_exit]="klpx_coexist_fprobe at_exit=1"
)
declare -A TRACEFS_KINDS=([function]=1 [function_graph]=1)
declare -A BPF_KINDS=([fentry]=1 [fexit]=1 [kprobe_multi]=1 [kretprobe_multi]=1)

# The kinds that see the value that a function returns.
sees_returns() {
  [[ $1 == kretprobe || $1 == fprobe_exit || $1 == fexit ||
    $1 == kretprobe_multi ]]
}

# attach KIND FUNCTION: sets ANSWER to ok, or to the reason of the refusal.
attach() {
  local module parameters
  WATCHED=$2
  if [[ -v MODULE_KINDS[$1] ]]; then
    read -r module parameters <<<"${MODULE_KINDS[$1]}"
    ANSWER=$(errno_of load "$(module_file "$module")" "function=$2 $parameters")
  elif [[ -v TRACEFS_KINDS[$1] ]]; then
    echo "$2" >$TRACEFS/set_ftrace_filter
    ANSWER=$(errno_of write $TRACEFS/current_tracer "$1")
  elif [[ -v BPF_KINDS[$1] ]]; then
    attach_bpf "$1" "$2"
  else
    fail "no tracer of kind $1"
  fi
}

attach_bpf() {
  local pipes
  pipes=$(mktemp -d)
  mkfifo "$pipes/in" "$pipes/out"
  exec {BPF_IN}<>"$pipes/in" {BPF_OUT}<>"$pipes/out"
  rm -r "$pipes"
  start_workload "$WORKLOADS/tracer" "$1" "$2" <&"$BPF_IN" >&"$BPF_OUT"
  BPF_TRACER=$PID
  read -r -t "$WAIT_SECONDS" -u "$BPF_OUT" ANSWER || fail "the tracer is silent"
  [[ $ANSWER == ok ]] || end_bpf
}

end_bpf() {
  stop_workload "$BPF_TRACER"
  exec {BPF_IN}>&- {BPF_OUT}>&-
}

# detach KIND: detaches a tracer that was accepted.
detach() {
  local module
  if [[ -v MODULE_KINDS[$1] ]]; then
    read -r module _ <<<"${MODULE_KINDS[$1]}"
    expect_eq "detaching $1" ok "$(errno_of unload "$module")"
  elif [[ -v TRACEFS_KINDS[$1] ]]; then
    echo nop >$TRACEFS/current_tracer
    echo >$TRACEFS/set_ftrace_filter
  else
    end_bpf
  fi
}

# look KIND: sets HITS, and RETURNED or "-".
look() {
  local module
  RETURNED=-
  if [[ -v MODULE_KINDS[$1] ]]; then
    read -r module _ <<<"${MODULE_KINDS[$1]}"
    HITS=$(</sys/module/"$module"/parameters/hits)
    RETURNED=$(</sys/module/"$module"/parameters/returned)
  elif [[ -v TRACEFS_KINDS[$1] ]]; then
    HITS=$(grep -c "[[:space:]]$WATCHED" $TRACEFS/trace || true)
  else
    echo >&"$BPF_IN"
    read -r -t "$WAIT_SECONDS" -u "$BPF_OUT" HITS RETURNED ||
      fail "the tracer is silent"
  fi
  sees_returns "$1" || RETURNED=-
}
