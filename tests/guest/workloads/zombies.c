// SPDX-License-Identifier: GPL-2.0
/*
 * zombies COUNT: COUNT children that have exited and are not waited for until
 * the program is killed. Prints "ready" when all of them have exited.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Creates one child that exits and is not reaped. */
static void make_zombie(void)
{
	siginfo_t info;
	pid_t child = vfork();

	if (child < 0) {
		perror("zombies: vfork");
		exit(1);
	}
	if (!child)
		_exit(0);
	if (waitid(P_PID, child, &info, WEXITED | WNOWAIT)) {
		perror("zombies: waitid");
		exit(1);
	}
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 1;

	for (long i = 0; i < count; i++)
		make_zombie();
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
