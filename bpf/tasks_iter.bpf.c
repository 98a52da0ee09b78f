// SPDX-License-Identifier: GPL-2.0
/*
 * What does the map task_state contain, in readable form? Prints the blocked
 * tasks one by one with their stacks, for a plain cat of the pin.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <klpx/task_state.h>
#include "klpx.bpf.h"
#include "compat.bpf.h"

#define NS_PER_MS	1000000ULL
#define REASONS		8
#define REASON_LEN	18

/* The program has 512 bytes of stack: used for the verdict, then the frames. */
union scratch {
	struct klpx_task_info info;
	u64 address[KLPX_STACK_FRAMES];
};

static const char reason_names[REASONS][REASON_LEN] = {
	[KLPX_NOT_CHECKED] = "not-checked",
	[KLPX_RUNNING] = "running",
	[KLPX_ON_FUNCTION] = "on-function",
	[KLPX_UNRELIABLE_STACK] = "unreliable-stack",
	[KLPX_IDLE] = "idle",
	[KLPX_STOPPED] = "stopped",
	[KLPX_UNINTERRUPTIBLE] = "uninterruptible",
	[KLPX_EXITING] = "exiting",
};
static const char reason_unknown[REASON_LEN] = "unknown";

static __always_inline const char *reason_name(u32 reason)
{
	return reason < REASONS ? reason_names[reason] : reason_unknown;
}

/*
 * A task can choose any name. It must not be able to break a row, or to control
 * the terminal.
 */
static __always_inline void printable_name(char *to, const char *from)
{
#pragma unroll
	for (int i = 0; i < KLPX_COMM_LEN; i++) {
		char c = from[i];

		to[i] = c && (c < ' ' || c > '~' || c == '\\') ? '?' : c;
	}
	to[KLPX_COMM_LEN - 1] = 0;
}

static __always_inline void emit_row(struct seq_file *seq,
				     const struct klpx_task_info *info)
{
	u64 age_ms = (bpf_ktime_get_ns() - info->since_ns) / NS_PER_MS;
	char state[2] = { klpx_state_letter(info->task_state) };
	char name[KLPX_COMM_LEN];

	printable_name(name, info->comm);

	BPF_SEQ_PRINTF(seq, "%-7u %-7u %-15s %s %-16s %-27s %5llu.%llus %u\n",
		       info->key.tid, info->pid, name, state,
		       reason_name(info->reason),
		       info->function[0] ? info->function : "-",
		       age_ms / 1000, age_ms % 1000 / 100, info->signals);
}

static __always_inline void emit_verdict(struct seq_file *seq,
					 struct task_struct *task,
					 u32 reported, struct klpx_task_info *now)
{
	int error;

	if (!klpx_ask_engine || !klpx_task_verdict)
		return;
	error = klpx_task_verdict(task, now, sizeof(*now));
	if (error == -ENOENT)
		BPF_SEQ_PRINTF(seq, "        switched meanwhile\n");
	else if (error)
		BPF_SEQ_PRINTF(seq, "        no verdict: error %d\n", error);
	else if (now->reason != reported)
		BPF_SEQ_PRINTF(seq, "        now %s\n", reason_name(now->reason));
}

static __always_inline void emit_stack(struct seq_file *seq,
				       struct task_struct *task, u64 *address,
				       u32 size)
{
	long bytes = bpf_get_task_stack(task, address, size, 0);
	int frames = bytes > 0 ? bytes / sizeof(*address) : 0;

	if (!frames)
		BPF_SEQ_PRINTF(seq, "        no stack: on a CPU\n");
	for (int i = 0; i < KLPX_STACK_FRAMES && i < frames; i++)
		BPF_SEQ_PRINTF(seq, "        %pB\n", (void *)address[i]);
}

/*
 * iter/bpf_map_elem: since 5.9. Required. The link is bound to task_state, so
 * that the cost of a read depends on the number of blocked tasks only.
 */
SEC("iter/bpf_map_elem")
int emit_blocked_task(struct bpf_iter__bpf_map_elem *ctx)
{
	const struct klpx_task_info *info = ctx->value;
	const struct klpx_task_key *entry = ctx->key;
	struct seq_file *seq = ctx->meta->seq;
	union scratch scratch = {};
	struct task_struct *task;
	struct klpx_task_key key;

	if (!entry || !info) {
		/* seq_num does not count the last row; the buffer has it. */
		if (ctx->meta->seq_num == 0 && seq->count == 0)
			BPF_SEQ_PRINTF(seq, "no task blocks a transition\n");
		return 0;
	}
	if (ctx->meta->seq_num == 0)
		BPF_SEQ_PRINTF(seq, "%-7s %-7s %-15s %s %-16s %-27s %8s %s\n",
			       "TID", "PID", "COMM", "S", "REASON", "FUNCTION",
			       "AGE", "SIGNALS");
	emit_row(seq, info);
	key = *entry;
	if (key.idle_cpu >= 0) {
		BPF_SEQ_PRINTF(seq, "        idle task of CPU %d: no stack\n",
			       key.idle_cpu);
		return 0;
	}
	task = klpx_task_acquire(&key);
	if (!task) {
		BPF_SEQ_PRINTF(seq, "        gone from the task list\n");
		return 0;
	}
	/* klpx.ko knows nothing about tasks that block the kernel's engine. */
	if (info->engine == KLPX_ENGINE_KLPX)
		emit_verdict(seq, task, info->reason, &scratch.info);
	emit_stack(seq, task, scratch.address, sizeof(scratch.address));
	bpf_task_release(task);
	return 0;
}
