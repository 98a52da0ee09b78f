/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only place for differences between kernels, each with the version that
 * introduced it. All other code may assume 6.12 or newer.
 */
#ifndef KLPX_COMPAT_BPF_H
#define KLPX_COMPAT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

/*
 * v6.10: ec209ad86324 ("bpftool: Support dumping kfunc prototypes from BTF")
 * puts these into vmlinux.h, but only if the kernel was built with
 * pahole >= 1.26; Debian 12's is not. Repeating the declaration is harmless.
 */
extern struct task_struct *bpf_task_from_pid(s32 pid) __weak __ksym;
extern void bpf_task_release(struct task_struct *task) __weak __ksym;

/*
 * v6.15: ac053946f5c4 ("compiler.h: introduce TYPEOF_UNQUAL() macro") keeps
 * pahole before 1.31 from merging a module's types with the kernel's. The
 * task_struct that klpx_task_verdict() takes is then klpx.ko's own and the
 * verifier refuses the call. The loader tries with the call, then without it.
 * Without it, an entry that lost a race stays until the transition ends.
 */
const volatile bool klpx_ask_engine = true;

/*
 * v7.3: task_struct::on_cpu is a u8; it was an int (seen in Debian's 6.12.117
 * and 7.3.4). The macro reads as many bytes as the running kernel's member has.
 */
static __always_inline bool klpx_on_cpu(struct task_struct *task)
{
	return BPF_CORE_READ_BITFIELD_PROBED(task, on_cpu);
}

#endif /* KLPX_COMPAT_BPF_H */
