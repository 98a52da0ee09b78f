// SPDX-License-Identifier: GPL-2.0
/*
 * What is on the kernel stack of one task? The controller runs this with
 * BPF_PROG_TEST_RUN, so that only the caller gets the answer: no shared buffer,
 * no text to parse, and the cost does not depend on the other tasks.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <klpx/abi.h>
#include "klpx.bpf.h"
#include "compat.bpf.h"

#define FRAME_WORDS	(KLPX_FRAME_LEN / sizeof(u64))

static __always_inline void name_frame(struct klpx_stack_request *request,
				       int frame, u64 address)
{
	union {
		char text[KLPX_FRAME_LEN];
		u64 words[FRAME_WORDS];
	} name = {};

	BPF_SNPRINTF(name.text, sizeof(name.text), "%pB", (void *)address);
	request->address[frame] = address;
#pragma unroll
	for (int i = 0; i < FRAME_WORDS; i++)
		request->text[frame][i] = name.words[i];
}

/*
 * syscall: since 5.14, bpf_task_from_pid() since 6.2. Required. The kernel
 * formats the text, which also works with kptr_restrict. The verifier requires
 * plain stores at constant offsets into the context, hence the unrolling.
 */
SEC("syscall")
int read_stack(struct klpx_stack_request *request)
{
	struct klpx_task_key key = request->key;
	u64 address[KLPX_STACK_FRAMES] = {};
	struct task_struct *task;
	long bytes;

	task = klpx_task_acquire(&key);
	if (!task)
		return 0;
	bytes = bpf_get_task_stack(task, address, sizeof(address), 0);
	bpf_task_release(task);
	if (bytes <= 0)
		return 0;
	request->frames = bytes / sizeof(address[0]);
#pragma unroll
	for (int i = 0; i < KLPX_STACK_FRAMES; i++)
		if (address[i])
			name_frame(request, i, address[i]);
	return 0;
}
