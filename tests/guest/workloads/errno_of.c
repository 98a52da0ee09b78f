// SPDX-License-Identifier: GPL-2.0
/*
 * Does one thing and prints what the kernel answered: "ok" or the name of the
 * errno. Exits 0 either way, 2 for wrong arguments.
 *
 *   errno_of write FILE TEXT | read FILE | load FILE [PARAMETERS] | unload NAME
 *
 * With FAIL_NTH=N in the environment, the kernel's Nth allocation for it fails;
 * prints " injected" if there were that many.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t done;

	if (fd < 0)
		return -1;
	done = write(fd, text, strlen(text));
	close(fd);
	return done < 0 ? -1 : 0;
}

static int read_file(const char *path)
{
	char text[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t done;

	if (fd < 0)
		return -1;
	done = read(fd, text, sizeof(text));
	close(fd);
	return done < 0 ? -1 : 0;
}

static int load(const char *path, const char *parameters)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -1;
	err = syscall(SYS_finit_module, fd, parameters, 0);
	close(fd);
	return err;
}

static int act(int argc, char **argv)
{
	const char *verb = argc > 2 ? argv[1] : "";
	int err;

	if (!strcmp(verb, "write") && argc == 4)
		err = write_file(argv[2], argv[3]);
	else if (!strcmp(verb, "read") && argc == 3)
		err = read_file(argv[2]);
	else if (!strcmp(verb, "load") && argc <= 4)
		err = load(argv[2], argc == 4 ? argv[3] : "");
	else if (!strcmp(verb, "unload") && argc == 3)
		err = syscall(SYS_delete_module, argv[2], O_NONBLOCK);
	else
		return 2;
	return err ? 1 : 0;
}

/* Counts allocations from here to the next call, without its own. */
static int fail_nth(const char *nth)
{
	int fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);

	if (fd < 0 || write(fd, nth, strlen(nth)) < 0)
		exit(2);
	return fd;
}

static const char *injected(int fd)
{
	char left[16] = "";

	if (pread(fd, left, sizeof(left) - 1, 0) < 0)
		exit(2);
	return atoi(left) ? "" : " injected";
}

int main(int argc, char **argv)
{
	const char *nth = getenv("FAIL_NTH"), *what = "";
	int done, error, fd = nth ? fail_nth(nth) : -1;

	errno = 0;
	done = act(argc, argv);
	error = errno;
	if (nth)
		what = injected(fd);
	if (done == 2)
		return 2;
	printf("%s%s\n", done ? strerrorname_np(error) : "ok", what);
	return 0;
}
