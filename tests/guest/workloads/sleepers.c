// SPDX-License-Identifier: GPL-2.0
/*
 * sleepers COUNT: COUNT threads that sleep until the program is killed. Prints
 * "ready" when all of them exist.
 */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define STACK_BYTES 16384

static void *sleeper(void *unused)
{
	(void)unused;
	for (;;)
		pause();
	return NULL;
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 1;
	pthread_attr_t attributes;
	pthread_t thread;
	char *stacks;
	int err;

	/* One mapping for all stacks: the number of mappings is limited. */
	stacks = mmap(NULL, count * STACK_BYTES, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (stacks == MAP_FAILED) {
		perror("sleepers: mmap");
		return 1;
	}
	pthread_attr_init(&attributes);
	for (long i = 0; i < count; i++) {
		pthread_attr_setstack(&attributes, stacks + i * STACK_BYTES,
				      STACK_BYTES);
		err = pthread_create(&thread, &attributes, sleeper, NULL);
		if (err) {
			fprintf(stderr, "sleepers: thread %ld: error %d\n", i,
				err);
			return 1;
		}
	}
	puts("ready");
	fflush(stdout);
	sleeper(NULL);
	return 0;
}
