// SPDX-License-Identifier: GPL-2.0
/* Repeatedly creates a group of threads that all exit at the same time. */
#include <pthread.h>

#include "storm.h"

#define THREADS 16

static pthread_barrier_t together;

static void *leave(void *unused)
{
	(void)unused;
	pthread_barrier_wait(&together);
	return NULL;
}

static int once(void)
{
	pthread_t threads[THREADS];
	int made;

	pthread_barrier_init(&together, NULL, THREADS);
	for (made = 0; made < THREADS; made++) {
		if (pthread_create(&threads[made], NULL, leave, NULL))
			return 1;
	}
	while (made--)
		pthread_join(threads[made], NULL);
	return 0;
}

int main(void)
{
	return run_storm("exit_storm", once);
}
