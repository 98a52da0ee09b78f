/* SPDX-License-Identifier: GPL-2.0 */
/* A child made by vfork() that exits at once. For sources with _GNU_SOURCE. */
#ifndef KLPX_TESTS_VFORK_ONCE_H
#define KLPX_TESTS_VFORK_ONCE_H

#include <sys/wait.h>
#include <unistd.h>

/* Nonzero if the child could not be created, or did not exit with 0. */
static inline int vfork_once(void)
{
	int status;
	pid_t child;

	child = vfork();
	if (child < 0)
		return 1;
	if (!child)
		_exit(0);
	return waitpid(child, &status, 0) != child || status;
}

#endif /* KLPX_TESTS_VFORK_ONCE_H */
