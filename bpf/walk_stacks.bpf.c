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
#include "stack_words.bpf.h"
#include "task_flags.bpf.h"
#include "walk.h"

char LICENSE[] SEC("license") = "GPL";

/* Too big for the stack; the iterator has one reader, so it is not shared. */
static struct klpx_walked_task walked;

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
	walked.io_worker = task->flags & FLAGS_WORKER;
	walked.on_cpu = klpx_on_cpu(task);
	bytes = bpf_get_task_stack(task, walked.address, sizeof(walked.address),
				   0);
	walked.frames = bytes > 0 ? bytes / sizeof(walked.address[0]) : 0;
	walked.words = klpx_copy_words(task, walked.word, sizeof(walked.word)) /
		       sizeof(walked.word[0]);
	bpf_seq_write(seq, &walked, sizeof(walked));
	return 0;
}
