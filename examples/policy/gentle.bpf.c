// SPDX-License-Identifier: GPL-2.0
/*
 * A custom policy: of user tasks only root's are ever signalled, kernel threads
 * are woken after two seconds, and patches whose name begins with "test" are
 * refused. It shows every member of struct klpx_policy.
 *
 *	bpftool btf dump file /sys/kernel/btf/vmlinux format c >vmlinux.h
 *	clang -target bpf -mcpu=v3 -g -O2 -I. -I/usr/local/include \
 *		-c gentle.bpf.c -o gentle.bpf.o
 *	klp-controller policy load gentle.bpf.o
 *	cat /sys/module/klpx/stats/policy
 *	klp-controller policy unload
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <klpx/policy.h>

char LICENSE[] SEC("license") = "GPL";

#define KTHREAD_PATIENCE_MS	2000
#define ROOT_PATIENCE_MS	1000
/* errno is a macro and thus not in BTF. */
#define EACCES			13

/* Counters to be read with bpftool map dump. */
u64 started, reversed, forced, completed;

SEC("struct_ops/may_start")
int BPF_PROG(gentle_may_start, const struct klpx_transition_info *transition)
{
	char start[4];

	bpf_core_read(start, sizeof(start), &transition->patch);
	if (start[0] == 't' && start[1] == 'e' && start[2] == 's' &&
	    start[3] == 't')
		return -EACCES;
	return 0;
}

SEC("struct_ops/push")
int BPF_PROG(gentle_push, const struct klpx_task_info *info,
	     struct task_struct *task)
{
	/* Signal a task only once; the engine counts the signals. */
	if (info->signals)
		return KLPX_PUSH_WAIT;
	if (info->kthread)
		return info->age_ms < KTHREAD_PATIENCE_MS ? KLPX_PUSH_WAIT :
							    KLPX_PUSH_SIGNAL;
	if (BPF_CORE_READ(task, cred, uid.val))
		return KLPX_PUSH_LEAVE;
	return info->age_ms < ROOT_PATIENCE_MS ? KLPX_PUSH_WAIT :
						 KLPX_PUSH_SIGNAL;
}

SEC("struct_ops/phase")
void BPF_PROG(gentle_phase, const struct klpx_transition_info *transition)
{
	switch (transition->phase) {
	case KLPX_PHASE_STARTED:
		__sync_fetch_and_add(&started, 1);
		break;
	case KLPX_PHASE_REVERSED:
		__sync_fetch_and_add(&reversed, 1);
		break;
	case KLPX_PHASE_FORCED:
		__sync_fetch_and_add(&forced, 1);
		break;
	case KLPX_PHASE_COMPLETED:
		__sync_fetch_and_add(&completed, 1);
		break;
	default:
		break;
	}
}

SEC(".struct_ops.link")
struct klpx_policy gentle = {
	.may_start = (void *)gentle_may_start,
	.push = (void *)gentle_push,
	.phase = (void *)gentle_phase,
	.name = "gentle",
};
