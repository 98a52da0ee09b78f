/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only place that tests kernel versions. Every entry names the version and
 * the change that made it necessary.
 */
#ifndef KLPX_COMPAT_H
#define KLPX_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#error "klpx needs Linux 6.12 or newer"
#endif

/* The hooks allocate with preemption off, which is not allowed there. */
#ifdef CONFIG_PREEMPT_RT
#error "klpx does not work with CONFIG_PREEMPT_RT"
#endif

/* What the engine stands on; Kconfig names are what an admin can look up. */
#if !defined(CONFIG_X86_64) || !defined(CONFIG_UNWINDER_ORC)
#error "klpx needs x86_64 with CONFIG_UNWINDER_ORC (reliable stacks)"
#endif
#if !defined(CONFIG_DYNAMIC_FTRACE_WITH_ARGS)
#error "klpx needs CONFIG_DYNAMIC_FTRACE_WITH_ARGS (redirection)"
#endif
#if !defined(CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS)
#error "klpx needs CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS (fast path)"
#endif
#if !defined(CONFIG_KALLSYMS_ALL) || !defined(CONFIG_KPROBES)
#error "klpx needs CONFIG_KALLSYMS_ALL and CONFIG_KPROBES (symbols)"
#endif
#if !defined(CONFIG_BPF_SYSCALL)
#error "klpx needs CONFIG_BPF_SYSCALL (policy, layout of the kernel's livepatch)"
#endif
#if !defined(CONFIG_SMP) || !defined(CONFIG_TRACEPOINTS)
#error "klpx needs CONFIG_SMP and CONFIG_TRACEPOINTS (hooks)"
#endif

/* 7.0 asks an ftrace_ops about one function, not about all of its own. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
#define KLPX_OPS_FUNC_ARGS \
	struct ftrace_ops *op, unsigned long ip, enum ftrace_ops_cmd cmd
#else
#define KLPX_OPS_FUNC_ARGS struct ftrace_ops *op, enum ftrace_ops_cmd cmd
#endif

/* 6.16: sched_process_exit says whether the whole process dies. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#define KLPX_ON_EXIT_ARGS \
	void *unused, struct task_struct *task, bool group_dead
#else
#define KLPX_ON_EXIT_ARGS void *unused, struct task_struct *task
#endif

/* 6.18: clone flags have 64 bits everywhere. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
#define KLPX_CLONE_FLAGS u64
#else
#define KLPX_CLONE_FLAGS unsigned long
#endif

#endif /* KLPX_COMPAT_H */
