/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ftrace side of redirection: which addresses are handed to the handler.
 * klpx_mutex held, may sleep. Each address has a function stack, and none is
 * there twice; the .traced of the function stacks is written here and in
 * solo.c, and says what ftrace has, also where a call has failed half-way.
 */
#ifndef KLPX_FILTER_H
#define KLPX_FILTER_H

#include <linux/ftrace.h>
#include <linux/types.h>

int klpx_filter_init(ftrace_func_t handler);
void klpx_filter_exit(void);

/*
 * All of @ips, in one update. -EBUSY: another ftrace user redirects one, or
 * kernel.ftrace_enabled is 0; -EAGAIN: a direct caller of one was being changed
 * all the time; -ENOMEM; *@refused is the index of the one in the way. None is
 * there then, but for those whose function stack is still .traced: there was no
 * memory to take them away again.
 */
int klpx_filter_add(unsigned long *ips, size_t n, size_t *refused);

/* The same for functions that come back from direct calls of our own. */
int klpx_filter_rejoin(unsigned long *ips, size_t n);

/*
 * -ENOMEM: to be tried again. Any other: ftrace has shut itself down over a bug,
 * in the kernel or in a user of it. Those whose function stack is .traced stay.
 */
int klpx_filter_remove(unsigned long *ips, size_t n);

/*
 * ftrace has not let go of something, so it calls our handler, or a stub of
 * ours, until reboot: klpx.ko stays, and so does what it calls. Says so, once.
 * klpx_mutex need not be held.
 */
void klpx_filter_stuck(int error);

/*
 * The registration of @ops has failed. True: ftrace has shut itself down in the
 * middle of it, and has not taken everything back (ftrace_startup()), so the
 * ops must not be freed. False: it may be, after klpx_sync_cpus(), since it was
 * in the list of all ops for a moment, and a CPU that walks the list may be at
 * it.
 */
static inline bool klpx_ftrace_keeps(const struct ftrace_ops *ops)
{
	return ops->flags & FTRACE_OPS_FL_ENABLED;
}

/*
 * Before @ops is unregistered: let it be freed after klpx_sync_cpus(), without
 * ftrace waiting for RCU-tasks under ftrace_lock. Only an ops with a trampoline
 * of its own needs that wait. Ours have a trampoline that is always there, and
 * ftrace leaves it alone; if it does not, the wait is right.
 *
 * The flags of a registered ops are ftrace's, under ftrace_lock, but it does
 * not write them unless the ops is being registered or unregistered, or was
 * made for it (grep do_for_each_ftrace_op()); and it reads this one when it
 * unregisters.
 */
static inline void klpx_ftrace_hurry(struct ftrace_ops *ops)
{
	if (!(ops->flags & FTRACE_OPS_FL_ALLOC_TRAMP))
		ops->flags &= ~FTRACE_OPS_FL_DYNAMIC;
}

#endif /* KLPX_FILTER_H */
