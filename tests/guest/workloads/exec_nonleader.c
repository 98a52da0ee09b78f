// SPDX-License-Identifier: GPL-2.0
/*
 * exec_nonleader COUNT: a thread that is not the leader executes this program
 * with COUNT - 1, and so on: each time the thread takes over the leader's
 * identity, and the sleeping leader dies. At 0 prints "done" and exits 0.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char **arguments;

static void *take_over(void *unused)
{
	(void)unused;
	execv("/proc/self/exe", arguments);
	perror("exec_nonleader: execv");
	exit(1);
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 0;
	pthread_t thread;
	char left[16];

	if (count <= 0) {
		puts("done");
		return 0;
	}
	snprintf(left, sizeof(left), "%d", count - 1);
	arguments = (char *[]){ argv[0], left, NULL };
	if (pthread_create(&thread, NULL, take_over, NULL))
		return 1;
	for (;;)
		pause();
}
