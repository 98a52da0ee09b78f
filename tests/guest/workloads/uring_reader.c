// SPDX-License-Identifier: GPL-2.0
/*
 * uring_reader FILE: reads FILE with io_uring in a worker thread of the kernel,
 * which sleeps there, and prints "result NUMBER" for each completed read. A
 * read that a signal has interrupted is submitted again; any other ends the
 * program.
 */
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <stdio.h>

static int read_once(struct io_uring *ring, int fd)
{
	static char buffer[64];
	struct io_uring_cqe *cqe;
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
	int result;

	io_uring_prep_read(sqe, fd, buffer, sizeof(buffer), 0);
	sqe->flags |= IOSQE_ASYNC;
	io_uring_submit(ring);
	do {
		result = io_uring_wait_cqe(ring, &cqe);
	} while (result == -EINTR);
	if (result < 0)
		return result;
	result = cqe->res;
	io_uring_cqe_seen(ring, cqe);
	return result;
}

int main(int argc, char **argv)
{
	struct io_uring ring;
	int fd, result;

	setvbuf(stdout, NULL, _IOLBF, 0);
	fd = open(argc > 1 ? argv[1] : "", O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		perror("uring_reader: open");
		return 1;
	}
	result = io_uring_queue_init(4, &ring, 0);
	if (result < 0) {
		fprintf(stderr, "uring_reader: io_uring: error %d\n", -result);
		return 1;
	}
	do {
		result = read_once(&ring, fd);
		printf("result %d\n", result);
	} while (result == -EINTR);
	io_uring_queue_exit(&ring);
	return 0;
}
