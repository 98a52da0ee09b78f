// SPDX-License-Identifier: GPL-2.0
/*
 * Which tasks block a transition of the kernel's livepatch, and what are their
 * stacks? Prints a line for each such task, and one for each frame.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define FRAMES 32

char LICENSE[] SEC("license") = "GPL";

/* The side of the tasks that have not been switched. */
const volatile int side;

/* Without CONFIG_LIVEPATCH vmlinux.h lacks it. */
struct task_struct___livepatch {
	int patch_state;
} __attribute__((preserve_access_index));

/* iter/task: since 5.8, every thread of the machine. Required. */
SEC("iter/task")
int emit_blocker(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct task_struct___livepatch *state = (void *)task;
	struct seq_file *seq = ctx->meta->seq;
	u64 address[FRAMES];
	long bytes;

	if (!task || BPF_CORE_READ(state, patch_state) != side)
		return 0;
	BPF_SEQ_PRINTF(seq, "%d %d %s\n", task->pid, task->tgid, task->comm);
	bytes = bpf_get_task_stack(task, address, sizeof(address), 0);
	for (int i = 0; i < FRAMES && i * (long)sizeof(*address) < bytes; i++)
		BPF_SEQ_PRINTF(seq, "  %pB\n", (void *)address[i]);
	return 0;
}
