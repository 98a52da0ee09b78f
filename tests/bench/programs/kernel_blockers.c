// SPDX-License-Identifier: GPL-2.0
/*
 * kernel_blockers SIDE: the same report as proc_blockers, by a BPF task
 * iterator. The program is loaded before the clock starts, like that of an
 * observer that is already attached. Prints "SECONDS FOUND".
 */
#include <bpf/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kernel_blockers_bpf.skel.h"
#include "stopwatch.h"

#define TEXT_BYTES 65536

/* Tasks have lines of their own, frames are indented. */
static long read_report(struct bpf_link *link)
{
	int fd = bpf_iter_create(bpf_link__fd(link));
	static char text[TEXT_BYTES];
	char before = '\n';
	ssize_t size, i;
	long found = 0;

	if (fd < 0)
		return -1;
	while ((size = read(fd, text, sizeof(text))) > 0) {
		for (i = 0; i < size; before = text[i++])
			found += before == '\n' && text[i] != ' ';
	}
	close(fd);
	return size < 0 ? -1 : found;
}

int main(int argc, char **argv)
{
	struct kernel_blockers_bpf *skeleton;
	struct bpf_link *link;
	uint64_t start;
	long found;

	if (argc != 2)
		return 2;
	skeleton = kernel_blockers_bpf__open();
	if (!skeleton)
		return 1;
	skeleton->rodata->side = atoi(argv[1]);
	if (kernel_blockers_bpf__load(skeleton))
		return 1;
	link = bpf_program__attach_iter(skeleton->progs.emit_blocker, NULL);
	if (!link)
		return 1;
	start = now_ns();
	found = read_report(link);
	printf("%.6f %ld\n", (double)(now_ns() - start) / NS_PER_S, found);
	bpf_link__destroy(link);
	kernel_blockers_bpf__destroy(skeleton);
	return found < 0;
}
