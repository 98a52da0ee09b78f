// SPDX-License-Identifier: GPL-2.0
/*
 * How often is one function called, and what does it return? One program for
 * each way to attach BPF to a function; tracer.c loads one of them.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

unsigned int hits;
int returned = -1;

/* A BPF trampoline, which calls this and continues with the function. */
SEC("fentry")
int BPF_PROG(on_fentry)
{
	hits++;
	return 0;
}

/* A BPF trampoline that calls the function itself, and then this. */
SEC("fexit")
int BPF_PROG(on_fexit, int value)
{
	hits++;
	returned = value;
	return 0;
}

/* On top of fprobe, no trampoline. */
SEC("kprobe.multi")
int BPF_KPROBE(on_kprobe_multi)
{
	hits++;
	return 0;
}

SEC("kretprobe.multi")
int BPF_KRETPROBE(on_kretprobe_multi, int value)
{
	hits++;
	returned = value;
	return 0;
}
