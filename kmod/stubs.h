/* SPDX-License-Identifier: GPL-2.0 */
/* The stubs of the fast path: code that sends a call on to a new function. */
#ifndef KLPX_STUBS_H
#define KLPX_STUBS_H

#define KLPX_STUB_SIZE	16
#define KLPX_STUBS	1024

#ifndef __ASSEMBLY__

/*
 * A stub that leads to @target, an address that a sign-extended 32-bit constant
 * can hold. 0: none is free now, or this kernel cannot write one. klpx_mutex
 * held; may sleep.
 */
unsigned long klpx_stub_get(unsigned long target);

/* Nobody calls it any more; some tasks may still be in it. klpx_mutex held. */
void klpx_stub_put(unsigned long stub);

/*
 * Make stubs that have been put usable again, if free ones have become few:
 * waits until no task can be in one. klpx_mutex not held.
 */
void klpx_stubs_recycle(void);

#endif /* __ASSEMBLY__ */

#endif /* KLPX_STUBS_H */
