// SPDX-License-Identifier: GPL-2.0
/* Parents asleep, not to be woken by a signal, until their child has gone. */
#define _GNU_SOURCE
#include <sys/wait.h>
#include <unistd.h>

#include "storm.h"

static int once(void)
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

int main(void)
{
	return run_storm("vfork_loop", once);
}
