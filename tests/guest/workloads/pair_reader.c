// SPDX-License-Identifier: GPL-2.0
/*
 * Reads /proc/cmdline without a pause, and checks that the function behind it
 * and the function that it calls are both old or both new (klpx_test_pair). On
 * SIGTERM prints "old COUNT new COUNT". Exits 1 at the first mixture.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "storm.h"

static char boot_line[4096];
static int cmdline;
static unsigned long old_count, new_count;

static int read_cmdline(char *text, size_t size)
{
	ssize_t length = pread(cmdline, text, size - 1, 0);

	if (length < 0)
		return -1;
	text[length] = '\0';
	return 0;
}

static int once(void)
{
	char text[sizeof(boot_line)];

	if (read_cmdline(text, sizeof(text)))
		return -1;
	if (!strcmp(text, boot_line)) {
		old_count++;
	} else if (!strcmp(text, "new new\n")) {
		new_count++;
	} else {
		printf("MIXED: '%s'\n", text);
		return -1;
	}
	return 0;
}

int main(void)
{
	int status;

	cmdline = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	if (cmdline < 0 || read_cmdline(boot_line, sizeof(boot_line))) {
		perror("pair_reader");
		return 1;
	}
	status = run_storm("pair_reader", once);
	printf("old %lu new %lu\n", old_count, new_count);
	return status;
}
