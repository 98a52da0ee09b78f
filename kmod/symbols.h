/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kernel functions and tracepoints that are not exported to modules: found
 * here, once, when klpx.ko is loaded; a missing one refuses the load, except
 * those that only adoption needs.
 */
#ifndef KLPX_SYMBOLS_H
#define KLPX_SYMBOLS_H

#include <linux/elf.h>
#include <linux/sched.h>
#include <linux/stop_machine.h>
#include <linux/task_work.h>
#include <linux/tracepoint.h>

/* 0, or -ENOENT after naming what this kernel lacks. */
int klpx_symbols_init(void);

struct btf;
struct klp_patch;
struct klp_state;
struct pid;
struct pid_namespace;
struct seq_file;

#ifdef CONFIG_LIVEPATCH
#define KLPX_LIVEPATCH_SYMBOLS(use)					\
	use(void, clear_relocate_add, clear_relocate_add,		\
	    (Elf_Shdr *sechdrs, const char *strtab,			\
	     unsigned int symindex, unsigned int relsec,		\
	     struct module *me),					\
	    (sechdrs, strtab, symindex, relsec, me))
#else
#define KLPX_LIVEPATCH_SYMBOLS(use)
#endif

/*
 * klpx_sym_NAME(), which has the contract of the kernel function it stands for:
 * what it returns, NAME, the kernel's name, parameters, arguments.
 * stack_reliable() is called between the entry and the exit of a task switch,
 * so it is not traced.
 */
#define KLPX_SYMBOLS(use)						\
	use(int notrace, stack_reliable, stack_trace_save_tsk_reliable,	\
	    (struct task_struct *task, unsigned long *store,		\
	     unsigned int size),					\
	    (task, store, size))					\
	use(int, task_call_func, task_call_func,			\
	    (struct task_struct *p,					\
	     int (*func)(struct task_struct *, void *), void *arg),	\
	    (p, func, arg))						\
	use(int, wake_up_state, wake_up_state,				\
	    (struct task_struct *p, unsigned int state), (p, state))	\
	use(struct task_struct *, idle_task, idle_task, (int cpu), (cpu)) \
	use(bool, task_work_cancel, task_work_cancel,			\
	    (struct task_struct *task, struct callback_head *cb),	\
	    (task, cb))							\
	use(unsigned long, ftrace_location, ftrace_location,		\
	    (unsigned long addr), (addr))				\
	use(int, kallsyms_size, kallsyms_lookup_size_offset,		\
	    (unsigned long addr, unsigned long *size,			\
	     unsigned long *offset),					\
	    (addr, size, offset))					\
	use(int, on_each_symbol, kallsyms_on_each_symbol,		\
	    (int (*fn)(void *, const char *, unsigned long),		\
	     void *data),						\
	    (fn, data))							\
	use(int, module_on_each_symbol, module_kallsyms_on_each_symbol,	\
	    (const char *modname,					\
	     int (*fn)(void *, const char *, unsigned long),		\
	     void *data),						\
	    (modname, fn, data))					\
	use(struct module *, find_module, find_module,			\
	    (const char *name), (name))					\
	use(int, apply_relocate_add, apply_relocate_add,		\
	    (Elf_Shdr *sechdrs, const char *strtab,			\
	     unsigned int symindex, unsigned int relsec,		\
	     struct module *me),					\
	    (sechdrs, strtab, symindex, relsec, me))			\
	use(bool, kernel_text, kernel_text_address,			\
	    (unsigned long addr), (addr))				\
	use(void *, text_poke_copy, text_poke_copy,			\
	    (void *addr, const void *opcode, size_t len),		\
	    (addr, opcode, len))					\
	use(int, stop_one_cpu, stop_one_cpu,				\
	    (unsigned int cpu, cpu_stop_fn_t fn, void *arg),		\
	    (cpu, fn, arg))						\
	KLPX_LIVEPATCH_SYMBOLS(use)

#define KLPX_DECLARE_SYMBOL(type, name, symbol, parameters, arguments)	\
	type klpx_sym_##name parameters;
KLPX_SYMBOLS(KLPX_DECLARE_SYMBOL)

/* kallsyms_on_each_match_symbol(), by which the others are found. */
int klpx_sym_on_each_match(int (*fn)(void *, unsigned long), const char *name,
			   void *data);

/* A direct caller (a BPF trampoline) is on the function now. May sleep. */
bool klpx_sym_has_direct_caller(unsigned long ip);

/* The trampoline that ftrace itself uses for several ops; not to be called. */
unsigned long klpx_sym_ftrace_caller(void);

/* In the text of vmlinux, __init apart. */
bool klpx_sym_is_core_text(unsigned long addr);

/* The sysctl kernel.ftrace_enabled; true on kernels without it. */
bool klpx_sym_ftrace_enabled(void);

#ifdef CONFIG_LIVEPATCH
/*
 * The functions that adopt.c redirects, as the kernel has them: klpx_sym_NAME()
 * begins past the call of ftrace, so such a call is neither redirected nor
 * traced.
 */
#define KLPX_ORIGINALS(use)						\
	use(int, klp_enable_patch, klp_enable_patch,			\
	    (struct klp_patch *patch), (patch))				\
	use(struct klp_state *, klp_get_prev_state, klp_get_prev_state,	\
	    (unsigned long id), (id))					\
	use(int, proc_pid_patch_state, proc_pid_patch_state,		\
	    (struct seq_file *m, struct pid_namespace *ns,		\
	     struct pid *pid, struct task_struct *task),		\
	    (m, ns, pid, task))

/* How adopt_layout.c reads the BTF of vmlinux. */
#define KLPX_BTF_SYMBOLS(use)						\
	use(struct btf *, btf_vmlinux, bpf_get_btf_vmlinux, (void), ())	\
	use(s32, btf_find, btf_find_by_name_kind,			\
	    (const struct btf *btf, const char *name, u8 kind),		\
	    (btf, name, kind))						\
	use(const char *, btf_name, btf_name_by_offset,			\
	    (const struct btf *btf, u32 offset), (btf, offset))

KLPX_ORIGINALS(KLPX_DECLARE_SYMBOL)
KLPX_BTF_SYMBOLS(KLPX_DECLARE_SYMBOL)
#endif
#undef KLPX_DECLARE_SYMBOL

/*
 * All of the two lists above were found; if not, the log has named what this
 * kernel lacks, and klpx.ko has been loaded nevertheless.
 */
bool klpx_symbols_can_adopt(void);

/* The tracepoints the engine hooks; never NULL after init. */
struct klpx_tracepoints {
	struct tracepoint *sched_switch;
	struct tracepoint *task_newtask;
	struct tracepoint *sched_process_exit;
	struct tracepoint *sched_process_free;
};

extern struct klpx_tracepoints klpx_tracepoints;

#endif /* KLPX_SYMBOLS_H */
