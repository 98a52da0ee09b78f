// SPDX-License-Identifier: GPL-2.0
/*
 * A thread sleeps in read(2) of an eventfd and prints what each read returns:
 * "read NUMBER" or "error NAME". The main thread writes the numbers from its
 * standard input to the eventfd, and ends the program at the end of the input.
 * The first line of output is "tid NUMBER", of the reader.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int event;

static void *reader(void *unused)
{
	uint64_t value;

	(void)unused;
	pthread_setname_np(pthread_self(), "eventfd-reader");
	printf("tid %d\n", gettid());
	for (;;) {
		if (read(event, &value, sizeof(value)) == sizeof(value))
			printf("read %" PRIu64 "\n", value);
		else
			printf("error %s\n", strerrorname_np(errno));
	}
	return NULL;
}

int main(void)
{
	char line[64];
	pthread_t thread;
	uint64_t value;

	setvbuf(stdout, NULL, _IOLBF, 0);
	event = eventfd(0, EFD_CLOEXEC);
	if (event < 0 || pthread_create(&thread, NULL, reader, NULL)) {
		perror("eventfd_reader");
		return 1;
	}
	while (fgets(line, sizeof(line), stdin)) {
		value = strtoull(line, NULL, 10);
		if (write(event, &value, sizeof(value)) != sizeof(value))
			perror("write");
	}
	return 0;
}
