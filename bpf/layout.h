/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the BPF programs and controller/sys/bpf/observer.cc only. Both
 * always come from the same build: the layout map identifies pins of another
 * build.
 */
#ifndef KLPX_BPF_LAYOUT_H
#define KLPX_BPF_LAYOUT_H

#include <klpx/abi.h>

/* Most frames shown of a stack; room for one "function+0x1/0x2 [mod]". */
#define KLPX_STACK_FRAMES	32
#define KLPX_FRAME_LEN		128

/*
 * The one value of the map klp_layout. It is pinned last, so it marks a
 * complete set of pins and names the build that made them.
 */
struct klpx_layout {
	__u32 abi;		/* KLPX_ABI_VERSION */
	__u32 links;		/* how many are pinned */
	__u64 build;		/* hash of the BPF objects */
};

/* Context of the program read_stack: the key is input, the rest is output. */
struct klpx_stack_request {
	struct klpx_task_key key;
	__u32 frames;		/* 0: no such task, or the task runs */
	__u32 pad;
	__u64 address[KLPX_STACK_FRAMES]; /* innermost first */
	/* Strings, stored as words because BPF copies register by register. */
	__u64 text[KLPX_STACK_FRAMES][KLPX_FRAME_LEN / sizeof(__u64)];
};

#endif /* KLPX_BPF_LAYOUT_H */
