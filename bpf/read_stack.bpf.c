// SPDX-License-Identifier: GPL-2.0
/*
 * What is on the kernel stack of this one task? Run by the controller with
 * BPF_PROG_TEST_RUN, so that the answer is the caller's alone: no shared
 * buffer, no text to parse, cost independent of the other tasks.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <klpx/abi.h>
#include "klpx.bpf.h"
#include "compat.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/*
 * syscall: since 5.14 (run with a context), bpf_task_from_pid() since 6.2.
 * Optional: without it tasks are shown without their stacks.
 * The kernel makes the text: that works with kptr_restrict, and for modules.
 */
SEC("syscall")
int read_stack(struct klpx_stack_request *request)
{
	struct klpx_task_key key = request->key;
	struct task_struct *task;
	long bytes;

	request->frames = 0;
	request->error = -ESRCH;
	task = klpx_task_acquire(&key);
	if (!task)
		return 0;
	request->error = 0;
	bytes = bpf_get_task_stack(task, request->address,
				   sizeof(request->address), 0);
	bpf_task_release(task);
	if (bytes <= 0)
		return 0;
	request->frames = bytes / sizeof(request->address[0]);
	/* The verifier wants constant offsets into the context. */
#pragma unroll
	for (int i = 0; i < KLPX_STACK_FRAMES; i++) {
		u64 address = request->address[i];

		if (i < request->frames)
			BPF_SNPRINTF(request->text[i], KLPX_FRAME_LEN, "%pB",
				     (void *)address);
	}
	return 0;
}
