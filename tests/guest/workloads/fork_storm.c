// SPDX-License-Identifier: GPL-2.0
/* Repeatedly forks a chain of processes, each the parent of the next. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storm.h"

#define GENERATIONS 4

static int fork_chain(int generations)
{
	int status;
	pid_t child;

	if (!generations)
		return 0;
	child = fork();
	if (child < 0)
		return 1;
	if (!child)
		_exit(fork_chain(generations - 1));
	if (waitpid(child, &status, 0) != child)
		return 1;
	return !WIFEXITED(status) || WEXITSTATUS(status);
}

static int once(void)
{
	return fork_chain(GENERATIONS);
}

int main(void)
{
	return run_storm("fork_storm", once);
}
