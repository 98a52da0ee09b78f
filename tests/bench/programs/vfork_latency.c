// SPDX-License-Identifier: GPL-2.0
/*
 * vfork_latency CPU FILE: on that CPU, vfork(), exit and wait without end. FILE
 * is shared memory: the measuring program writes the number of a phase, and
 * finds there for each phase the number of rounds, their total time and the
 * longest one. Phase 0 counts nothing; a round in which a phase began or ended
 * belongs to that phase.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stopwatch.h"
#include "tests/guest/workloads/vfork_once.h"

#define PHASES 16

struct shared {
	_Atomic uint64_t phase;
	struct {
		uint64_t rounds;
		uint64_t total_ns;
		uint64_t worst_ns;
	} of[PHASES];
};

static int measure(struct shared *shared)
{
	uint64_t phase, ns;

	for (;;) {
		phase = shared->phase;
		ns = now_ns();
		if (vfork_once()) {
			perror("vfork_latency");
			return 1;
		}
		ns = now_ns() - ns;
		if (!phase)
			phase = shared->phase;
		if (!phase || phase >= PHASES)
			continue;
		shared->of[phase].rounds++;
		shared->of[phase].total_ns += ns;
		if (ns > shared->of[phase].worst_ns)
			shared->of[phase].worst_ns = ns;
	}
}

int main(int argc, char **argv)
{
	struct shared *shared;
	cpu_set_t cpus;
	int fd;

	if (argc != 3)
		return 2;
	CPU_ZERO(&cpus);
	CPU_SET(atoi(argv[1]), &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus)) {
		perror("vfork_latency: CPU");
		return 1;
	}
	fd = open(argv[2], O_RDWR);
	if (fd < 0) {
		perror(argv[2]);
		return 1;
	}
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED,
		      fd, 0);
	if (shared == MAP_FAILED) {
		perror("vfork_latency: mmap");
		return 1;
	}
	return measure(shared);
}
