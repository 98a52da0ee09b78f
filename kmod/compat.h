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

/* What the engine stands on; Kconfig names are what an admin can look up. */
#if !defined(CONFIG_X86_64) || !defined(CONFIG_UNWINDER_ORC)
#error "klpx needs x86_64 with CONFIG_UNWINDER_ORC (reliable stacks)"
#endif
#if !defined(CONFIG_DYNAMIC_FTRACE_WITH_ARGS)
#error "klpx needs CONFIG_DYNAMIC_FTRACE_WITH_ARGS (redirection)"
#endif
#if !defined(CONFIG_KALLSYMS_ALL) || !defined(CONFIG_KPROBES)
#error "klpx needs CONFIG_KALLSYMS_ALL and CONFIG_KPROBES (symbols)"
#endif
#if !defined(CONFIG_SMP) || !defined(CONFIG_TRACEPOINTS)
#error "klpx needs CONFIG_SMP and CONFIG_TRACEPOINTS (hooks)"
#endif

#endif /* KLPX_COMPAT_H */
