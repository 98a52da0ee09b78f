// SPDX-License-Identifier: GPL-2.0
/*
 * kill_at N COMMAND...: runs the command and kills it right before its Nth
 * step. A step is a system call with an effect that others can see: a file or
 * its contents, a commit to the disk, a lock, a message, a signal, a module, a
 * BPF link or pin, the contents of a map. A kill at any time between two steps
 * is equivalent to one right before the second. Exits like the command; with
 * 137 when it was killed. The command is killed when kill_at exits.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/bpf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SYSCALL_STOP (SIGTRAP | 0x80)

static int changes_bpf(unsigned long command)
{
	switch (command) {
	case BPF_MAP_UPDATE_ELEM:
	case BPF_MAP_DELETE_ELEM:
	case BPF_OBJ_PIN:
	case BPF_LINK_CREATE:
	case BPF_LINK_UPDATE:
	case BPF_LINK_DETACH:
	case BPF_RAW_TRACEPOINT_OPEN:
		return 1;
	default:
		return 0;
	}
}

static int is_step(const struct __ptrace_syscall_info *info)
{
	const __uint64_t *args = info->entry.args;

	switch (info->entry.nr) {
	case SYS_write:
	case SYS_writev:
		return args[0] > STDERR_FILENO;
	case SYS_openat:
		return args[2] & (O_CREAT | O_TRUNC);
	case SYS_bpf:
		return changes_bpf(args[0]);
	case SYS_pwrite64:
	case SYS_ftruncate:
	case SYS_fallocate:
	case SYS_fsync:
	case SYS_fdatasync:
	case SYS_rename:
	case SYS_renameat:
	case SYS_renameat2:
	case SYS_link:
	case SYS_symlink:
	case SYS_unlink:
	case SYS_unlinkat:
	case SYS_mkdir:
	case SYS_mkdirat:
	case SYS_rmdir:
	case SYS_chmod:
	case SYS_fchmod:
	case SYS_fchmodat:
	case SYS_chown:
	case SYS_fchown:
	case SYS_fchownat:
	case SYS_flock:
	case SYS_bind:
	case SYS_sendto:
	case SYS_sendmsg:
	case SYS_kill:
	case SYS_pidfd_send_signal:
	case SYS_init_module:
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
