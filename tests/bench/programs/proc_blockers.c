// SPDX-License-Identifier: GPL-2.0
/*
 * proc_blockers SIDE: reports the tasks that block a transition of the kernel's
 * livepatch, from /proc/PID/task/TID/patch_state of every thread, with the
 * stack of each whose patch_state is SIDE. Does in C what kpatch's shell loop
 * does. Prints "SECONDS FOUND".
 */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stopwatch.h"

#define TEXT_BYTES 4096

static ssize_t read_file(const char *directory, const char *tid,
			 const char *name, char *text)
{
	char path[512];
	ssize_t size;
	int fd;

	snprintf(path, sizeof(path), "%s/%s/%s", directory, tid, name);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return -1;
	size = read(fd, text, TEXT_BYTES - 1);
	close(fd);
	text[size > 0 ? size : 0] = '\0';
	return size;
}

static unsigned long look_at_process(const char *pid, int side)
{
	char directory[300], text[TEXT_BYTES];
	unsigned long found = 0;
	struct dirent *entry;
	DIR *tasks;

	snprintf(directory, sizeof(directory), "/proc/%s/task", pid);
	tasks = opendir(directory);
	while (tasks && (entry = readdir(tasks))) {
		if (!isdigit(entry->d_name[0]))
			continue;
		if (read_file(directory, entry->d_name, "patch_state", text) <=
		    0)
			continue;
		if (atoi(text) != side)
			continue;
		if (read_file(directory, entry->d_name, "stack", text) > 0)
			found++;
	}
	if (tasks)
		closedir(tasks);
	return found;
}

int main(int argc, char **argv)
{
	unsigned long found = 0;
	struct dirent *entry;
	uint64_t start;
	DIR *proc;

	if (argc != 2)
		return 2;
	start = now_ns();
	proc = opendir("/proc");
	while (proc && (entry = readdir(proc)))
		if (isdigit(entry->d_name[0]))
			found += look_at_process(entry->d_name, atoi(argv[1]));
	if (!proc)
		return 1;
	closedir(proc);
	printf("%.6f %lu\n", (double)(now_ns() - start) / NS_PER_S, found);
	return 0;
}
