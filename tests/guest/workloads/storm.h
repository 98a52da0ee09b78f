/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A storm repeats one thing until SIGTERM, then prints "done COUNT" and exits
 * 0; it exits 1 if that thing fails.
 */
#ifndef KLPX_TESTS_STORM_H
#define KLPX_TESTS_STORM_H

#include <errno.h>
#include <signal.h>
#include <stdio.h>

static volatile sig_atomic_t storm_over;

static void end_storm(int signal)
{
	(void)signal;
	storm_over = 1;
}

static inline int run_storm(const char *name, int (*once)(void))
{
	struct sigaction action = { .sa_handler = end_storm,
				    .sa_flags = SA_RESTART };
	unsigned long count = 0;

	sigaction(SIGTERM, &action, NULL);
	while (!storm_over) {
		errno = 0;
		if (once()) {
			perror(name);
			return 1;
		}
		count++;
	}
	printf("done %lu\n", count);
	return 0;
}

#endif /* KLPX_TESTS_STORM_H */
