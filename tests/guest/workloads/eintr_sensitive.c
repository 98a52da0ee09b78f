// SPDX-License-Identifier: GPL-2.0
/*
 * eintr_sensitive FILE: a program that treats an interrupted system call as
 * fatal, as some do. Reads FILE once: exits with 1 and a reason on an error,
 * with 0 at the end of the file.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char text[16];
	ssize_t got;
	int file;

	file = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	if (file < 0) {
		perror("eintr_sensitive");
		return 2;
	}
	got = read(file, text, sizeof(text));
	if (got != 0) {
		printf("fatal: %s\n", got < 0 ? strerror(errno) : "short read");
		return 1;
	}
	return 0;
}
