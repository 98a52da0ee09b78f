/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The stubs of the fast path: code that sends a call on to a new function.
 *
 *	free -> used -> left -> free
 *
 * Left: nothing calls it any more, but a task can have been preempted in it.
 */
#ifndef KLPX_STUBS_H
#define KLPX_STUBS_H

/* movq, the accounting of call depth (or as long a NOP), ret. */
#define KLPX_STUB_SIZE	32
#define KLPX_STUBS	1024

#ifndef __ASSEMBLY__

/* @recycled is called, without a lock, when stubs are free again. */
void klpx_stubs_init(void (*recycled)(void));

/*
 * A stub that leads to @target, an address that a sign-extended 32-bit constant
 * can hold. 0: none is free now, or this kernel cannot write one. May sleep.
 */
unsigned long klpx_stub_get(unsigned long target);

/*
 * The stub is left. When free ones become few, those that are left become free
 * again in the background.
 */
void klpx_stub_put(unsigned long stub);

/* No stub is used any more, nor will be. */
void klpx_stubs_exit(void);

#endif /* __ASSEMBLY__ */

#endif /* KLPX_STUBS_H */
