// SPDX-License-Identifier: GPL-2.0
/* spin [THREADS]: user tasks that never enter the kernel by themselves. */
#include <pthread.h>
#include <stdlib.h>

static void *spin(void *unused)
{
	(void)unused;
	for (;;)
		__builtin_ia32_pause();
	return NULL;
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 1;
	pthread_t thread;

	while (--count > 0) {
		if (pthread_create(&thread, NULL, spin, NULL))
			return 1;
	}
	spin(NULL);
	return 0;
}
