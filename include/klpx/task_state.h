/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What task->__state says: the bits, the letter that ps shows, and why a task
 * with one of the functions on its stack cannot be switched. One rule for
 * klpx.ko, for the BPF programs, and for klp-controller, which forecasts what
 * the engine will say. Pure; C, BPF C and C++, and nothing of their libraries.
 */
#ifndef KLPX_TASK_STATE_H
#define KLPX_TASK_STATE_H

#include <klpx/abi.h>

/*
 * As in include/linux/sched.h, where they are macros, so not in BTF.
 * kmod/switch.c asserts those that the engine goes by.
 */
#define KLPX_STATE_INTERRUPTIBLE	0x1
#define KLPX_STATE_UNINTERRUPTIBLE	0x2
#define KLPX_STATE_STOPPED		0x4
#define KLPX_STATE_TRACED		0x8
#define KLPX_STATE_DEAD			0x80
#define KLPX_STATE_NOLOAD		0x400

static inline char klpx_state_letter(__u32 state)
{
	if (state & KLPX_STATE_DEAD)
		return 'X';
	if (state & KLPX_STATE_TRACED)
		return 't';
	if (state & KLPX_STATE_STOPPED)
		return 'T';
	if (state & KLPX_STATE_UNINTERRUPTIBLE)
		return state & KLPX_STATE_NOLOAD ? 'I' : 'D';
	return state & KLPX_STATE_INTERRUPTIBLE ? 'S' : 'R';
}

/* Why a task cannot be switched that is off its CPU, in one of the functions. */
static inline enum klpx_reason klpx_reason_on_function(__u32 state,
						       bool exiting)
{
	if (exiting)
		return KLPX_EXITING;
	if (state & (KLPX_STATE_STOPPED | KLPX_STATE_TRACED))
		return KLPX_STOPPED;
	if (state & KLPX_STATE_UNINTERRUPTIBLE)
		return KLPX_UNINTERRUPTIBLE;
	return KLPX_ON_FUNCTION;
}

#endif /* KLPX_TASK_STATE_H */
