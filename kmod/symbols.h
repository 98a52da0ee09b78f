/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kernel functions and tracepoints that are not exported to modules: found
 * here, once, when klpx.ko is loaded; a missing one refuses the load.
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

/* Each has the contract of the kernel function it is named after. */
int klpx_sym_stack_reliable(struct task_struct *task, unsigned long *store,
			    unsigned int size);
int klpx_sym_task_call_func(struct task_struct *p,
			    int (*func)(struct task_struct *, void *),
			    void *arg);
int klpx_sym_wake_up_state(struct task_struct *p, unsigned int state);
struct task_struct *klpx_sym_idle_task(int cpu);
bool klpx_sym_task_work_cancel(struct task_struct *task,
			       struct callback_head *cb);
unsigned long klpx_sym_ftrace_location(unsigned long addr);
int klpx_sym_kallsyms_size(unsigned long addr, unsigned long *size,
			   unsigned long *offset);
int klpx_sym_on_each_match(int (*fn)(void *, unsigned long), const char *name,
			   void *data);
int klpx_sym_module_on_each_symbol(const char *modname,
				   int (*fn)(void *, const char *,
					     unsigned long),
				   void *data);
int klpx_sym_on_each_symbol(int (*fn)(void *, const char *, unsigned long),
			    void *data);
struct module *klpx_sym_find_module(const char *name);
int klpx_sym_apply_relocate_add(Elf_Shdr *sechdrs, const char *strtab,
				unsigned int symindex, unsigned int relsec,
				struct module *me);
void klpx_sym_clear_relocate_add(Elf_Shdr *sechdrs, const char *strtab,
				 unsigned int symindex, unsigned int relsec,
				 struct module *me);
bool klpx_sym_kernel_text(unsigned long addr);
void *klpx_sym_text_poke_copy(void *addr, const void *opcode, size_t len);
int klpx_sym_stop_one_cpu(unsigned int cpu, cpu_stop_fn_t fn, void *arg);

/* A direct caller (a BPF trampoline) is on the function now. May sleep. */
bool klpx_sym_has_direct_caller(unsigned long ip);

/* The trampoline that ftrace itself uses for several ops; not to be called. */
unsigned long klpx_sym_ftrace_caller(void);

/* In the text of vmlinux, __init apart. */
bool klpx_sym_is_core_text(unsigned long addr);

/* The sysctl kernel.ftrace_enabled; true on kernels without it. */
bool klpx_sym_ftrace_enabled(void);

/* The tracepoints the engine hooks; never NULL after init. */
struct klpx_tracepoints {
	struct tracepoint *sched_switch;
	struct tracepoint *task_newtask;
	struct tracepoint *sched_process_exit;
	struct tracepoint *sched_process_free;
};

extern struct klpx_tracepoints klpx_tracepoints;

#endif /* KLPX_SYMBOLS_H */
