// SPDX-License-Identifier: GPL-2.0
/*
 * kill_at N COMMAND...: runs the command and kills it right before its Nth
 * step, a system call that changes something others can see: a write (not to
 * its own output), a commit to the disk, a rename, a removal, a lock, a module.
 * Exits as the command does; with 137 when it was killed. It goes when this
 * goes.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SYSCALL_STOP (SIGTRAP | 0x80)

static int is_step(const struct __ptrace_syscall_info *info)
{
	switch (info->entry.nr) {
	case SYS_write:
		return info->entry.args[0] > STDERR_FILENO;
	case SYS_pwrite64:
	case SYS_ftruncate:
	case SYS_fsync:
	case SYS_fdatasync:
	case SYS_rename:
	case SYS_unlink:
	case SYS_mkdir:
	case SYS_flock:
	case SYS_finit_module:
	case SYS_delete_module:
		return 1;
	default:
		return 0;
	}
}

/* At the entry of a system call, not at its end. */
static int at_step(pid_t child)
{
	struct __ptrace_syscall_info info;

	return ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof(info), &info) >
		       0 &&
	       info.op == PTRACE_SYSCALL_INFO_ENTRY && is_step(&info);
}

static int follow(pid_t child, long kill_at)
{
	long steps = 0, signal = 0;
	int status;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, child, NULL, signal) < 0 ||
		    waitpid(child, &status, 0) < 0)
			return 126;
		if (WIFEXITED(status))
			return WEXITSTATUS(status);
		if (WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		signal = WSTOPSIG(status);
		if (signal != SYSCALL_STOP)
			continue;
		signal = 0;
		if (at_step(child) && ++steps == kill_at) {
			kill(child, SIGKILL);
			waitpid(child, &status, 0);
			return 128 + SIGKILL;
		}
	}
}

int main(int argc, char **argv)
{
	pid_t child;
	int status;

	if (argc < 3) {
		fprintf(stderr, "usage: kill_at N COMMAND...\n");
		return 2;
	}
	child = fork();
	if (child == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	/* The stop after exec. */
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return 126;
	if (!WIFSTOPPED(status))
		return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
	ptrace(PTRACE_SETOPTIONS, child, NULL,
	       PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD);
	return follow(child, atol(argv[1]));
}
