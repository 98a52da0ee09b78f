// SPDX-License-Identifier: GPL-2.0
/*
 * What is on the kernel stack of every task now? Used before anything is
 * enabled: it needs nothing of klpx.ko, keeps nothing, and is unloaded when the
 * controller closes it.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <klpx/abi.h>
#include "compat.bpf.h"
#include "task_flags.bpf.h"
#include "walk.h"

char LICENSE[] SEC("license") = "GPL";

/* THREAD_SIZE */
#define STACK_BYTES		16384

/* Too big for the stack; the iterator has one reader, so it is not shared. */
static struct klpx_walked_task walked;

/*
 * Copies the stack from the task's saved stack pointer to its end. A stack is
 * aligned to its size. (Only part of a debug kernel's bigger stack is read.)
 */
static __always_inline void copy_words(struct task_struct *task)
{
	u64 sp = task->thread.sp;
	u64 size = STACK_BYTES - (sp & (STACK_BYTES - 1));

	if (size > sizeof(walked.word))
		size = sizeof(walked.word);
	walked.words = 0;
	if (!bpf_probe_read_kernel(walked.word, size, (void *)sp))
		walked.words = size / sizeof(walked.word[0]);
}

/*
 * iter/task: since 5.8; all tasks of the task list, which has no idle tasks.
 * Required. The helper refuses the stack of a task that runs on another CPU.
 */
SEC("iter/task")
int emit_task_stack(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct task_struct *task = ctx->task;
	long bytes;

	if (!task)
		return 0;
	walked.tid = task->pid;
	walked.pid = task->tgid;
	bpf_probe_read_kernel_str(walked.comm, sizeof(walked.comm), task->comm);
	walked.task_state = task->__state;
	walked.kthread = task->flags & FLAG_KTHREAD;
	walked.io_worker = task->flags & (FLAG_IO_WORKER | FLAG_USER_WORKER);
	walked.on_cpu = klpx_on_cpu(task);
	bytes = bpf_get_task_stack(task, walked.address, sizeof(walked.address),
				   0);
	walked.frames = bytes > 0 ? bytes / sizeof(walked.address[0]) : 0;
	copy_words(task);
	bpf_seq_write(seq, &walked, sizeof(walked));
	return 0;
}
