/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ftrace side of redirection: which addresses are handed to the handler.
 * klpx_mutex held, may sleep; none may be there twice.
 */
#ifndef KLPX_FILTER_H
#define KLPX_FILTER_H

#include <linux/ftrace.h>
#include <linux/types.h>

/* Who must not fail tries again after so long. */
#define KLPX_NOMEM_RETRY_MS	10

int klpx_filter_init(ftrace_func_t handler);
void klpx_filter_exit(void);

/*
 * All of @ips or none, in one update. -EBUSY: another ftrace user redirects
 * one, or kernel.ftrace_enabled is 0; -ENOMEM; *@refused is the index of the
 * one in the way.
 */
int klpx_filter_add(unsigned long *ips, size_t n, size_t *refused);

/* The same for functions that come back from direct calls of our own. */
int klpx_filter_rejoin(unsigned long *ips, size_t n);

/*
 * -ENOMEM: all stay; to be tried again. Any other: ftrace has shut itself down
 * over a bug, in the kernel or in a user of it.
 */
int klpx_filter_remove(unsigned long *ips, size_t n);

/*
 * ftrace has not let go of something, so it calls our handler, or a stub of
 * ours, until reboot: klpx.ko stays, and so does what it calls. Says so, once.
 */
void klpx_filter_stuck(int error);

#endif /* KLPX_FILTER_H */
