/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions with an ftrace_ops of their own. A trampoline that calls the
 * original itself (BPF fexit) must be told to go where we redirect. ftrace
 * tells it when a whole ops is registered, not when a function is added to the
 * filter of one: so a function that a direct caller has first gets its own.
 *
 * All: klpx_mutex held, may sleep.
 */
#ifndef KLPX_SOLO_H
#define KLPX_SOLO_H

#include <linux/ftrace.h>
#include <linux/types.h>

bool klpx_is_solo(unsigned long ip);

/*
 * All of @ips or none. -EBUSY: another ftrace user redirects one; -EAGAIN: its
 * direct caller was being changed all the time; -ENOMEM. *@refused is the index
 * of the one in the way.
 */
int klpx_solo_add(const unsigned long *ips, size_t n, ftrace_func_t handler,
		  size_t *refused);

/*
 * Waits for no task and no grace period. An error: ftrace has shut itself down;
 * those that it still calls stay.
 */
int klpx_solo_remove(const unsigned long *ips, size_t n);

#endif /* KLPX_SOLO_H */
