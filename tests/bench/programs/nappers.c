// SPDX-License-Identifier: GPL-2.0
/*
 * nappers COUNT FILE: COUNT threads that read FILE, which puts them to sleep.
 * Prints "ready" when all of them exist; runs until it is killed.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define STACK_BYTES (64 * 1024)

static const char *file;

static void *napper(void *unused)
{
	char text[16];
	int fd = open(file, O_RDONLY);

	(void)unused;
	if (fd < 0 || read(fd, text, sizeof(text)) < 0)
		perror(file);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int err;

	if (argc != 3)
		return 2;
	file = argv[2];
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	for (long i = atol(argv[1]); i > 0; i--) {
		err = pthread_create(&thread, &attributes, napper, NULL);
		if (err) {
			fprintf(stderr, "nappers: error %d\n", err);
			return 1;
		}
	}
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
