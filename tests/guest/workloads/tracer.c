// SPDX-License-Identifier: GPL-2.0
/*
 * Attaches one BPF program to one function; prints "ok" or the name of the
 * errno. Then answers each line on its input with "HITS RETURNED".
 *
 *   tracer fentry|fexit|kprobe_multi|kretprobe_multi FUNCTION
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer_bpf.skel.h"

/* The program to load; the others are not loaded. */
static struct bpf_program *choose(struct tracer_bpf *skel, const char *kind)
{
	char name[32];
	struct bpf_program *program, *chosen;

	snprintf(name, sizeof(name), "on_%s", kind);
	chosen = bpf_object__find_program_by_name(skel->obj, name);
	bpf_object__for_each_program(program, skel->obj)
		bpf_program__set_autoload(program, program == chosen);
	return chosen;
}

static bool is_multi(const char *kind)
{
	return strstr(kind, "_multi");
}

static struct bpf_link *attach(struct bpf_program *program, const char *kind,
			       const char *function)
{
	LIBBPF_OPTS(bpf_kprobe_multi_opts, options, .syms = &function, .cnt = 1,
		    .retprobe = !strncmp(kind, "kret", 4));

	if (is_multi(kind))
		return bpf_program__attach_kprobe_multi_opts(program, NULL,
							     &options);
	return bpf_program__attach_trace(program);
}

/* errno says why it is NULL. */
static struct bpf_link *load_and_attach(struct tracer_bpf *skel, const char *kind,
					const char *function)
{
	struct bpf_program *program = choose(skel, kind);

	if (!program) {
		errno = EINVAL;
		return NULL;
	}
	if (!is_multi(kind) &&
	    bpf_program__set_attach_target(program, 0, function))
		return NULL;
	if (tracer_bpf__load(skel))
		return NULL;
	return attach(program, kind, function);
}

static void answer_until_end(const struct tracer_bpf *skel)
{
	char line[16];

	while (fgets(line, sizeof(line), stdin))
		printf("%u %d\n", *(volatile unsigned int *)&skel->bss->hits,
		       *(volatile int *)&skel->data->returned);
}

int main(int argc, char **argv)
{
	struct bpf_link *link;
	struct tracer_bpf *skel;

	if (argc != 3)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	skel = tracer_bpf__open();
	if (!skel) {
		perror("tracer");
		return 1;
	}
	link = load_and_attach(skel, argv[1], argv[2]);
	puts(link ? "ok" : strerrorname_np(errno));
	if (link) {
		answer_until_end(skel);
		bpf_link__destroy(link);
	}
	tracer_bpf__destroy(skel);
	return 0;
}
