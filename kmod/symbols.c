// SPDX-License-Identifier: GPL-2.0
/*
 * Unexported kernel functions, resolved by name and called directly.
 *
 * Not through function pointers: objtool removes the ENDBR of every kernel
 * function whose address nobody takes, and on a CPU with IBT an indirect call
 * to such a function is a fatal #CP. A static call is patched into a direct
 * CALL instruction, which IBT does not look at.
 *
 * kallsyms_lookup_name() itself is found with a kprobe that is never hit. The
 * address a kprobe reports can lie behind the ENDBR of the function, so it
 * serves only to ask kallsyms_lookup_name() for its own address.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/stacktrace.h>
#include <linux/static_call.h>

#include "compat.h"
#include "symbols.h"

struct klpx_tracepoints klpx_tracepoints;

/*
 * What a static call does until it is resolved: nothing runs then, because
 * klpx_symbols_init() comes first and its failure ends the load.
 */
static unsigned long no_lookup_name(const char *name)
{
	return 0;
}

static int no_stack_reliable(struct task_struct *task, unsigned long *store,
			     unsigned int size)
{
	return -ENOSYS;
}

static int no_task_call_func(struct task_struct *p,
			     int (*func)(struct task_struct *, void *),
			     void *arg)
{
	return -ENOSYS;
}

static int no_wake_up_state(struct task_struct *p, unsigned int state)
{
	return 0;
}

static struct task_struct *no_idle_task(int cpu)
{
	return NULL;
}

static bool no_task_work_cancel(struct task_struct *task,
				struct callback_head *cb)
{
	return false;
}

static unsigned long no_ftrace_location(unsigned long addr)
{
	return 0;
}

static int no_kallsyms_size(unsigned long addr, unsigned long *size,
			    unsigned long *offset)
{
	return 0;
}

static int no_on_each_match(int (*fn)(void *, unsigned long), const char *name,
			    void *data)
{
	return -ENOSYS;
}

static int no_module_symbols(const char *modname,
			     int (*fn)(void *, const char *, unsigned long),
			     void *data)
{
	return -ENOSYS;
}

static struct module *no_find_module(const char *name)
{
	return NULL;
}

static int no_apply_relocate_add(Elf_Shdr *sechdrs, const char *strtab,
				 unsigned int symindex, unsigned int relsec,
				 struct module *me)
{
	return -ENOEXEC;
}

static void no_clear_relocate_add(Elf_Shdr *sechdrs, const char *strtab,
				  unsigned int symindex, unsigned int relsec,
				  struct module *me)
{
}

static void *no_text_poke_copy(void *addr, const void *opcode, size_t len)
{
	return NULL;
}

DEFINE_STATIC_CALL(klpx_lookup_name, no_lookup_name);
DEFINE_STATIC_CALL(klpx_stack_reliable, no_stack_reliable);
DEFINE_STATIC_CALL(klpx_task_call_func, no_task_call_func);
DEFINE_STATIC_CALL(klpx_wake_up_state, no_wake_up_state);
DEFINE_STATIC_CALL(klpx_idle_task, no_idle_task);
DEFINE_STATIC_CALL(klpx_task_work_cancel, no_task_work_cancel);
DEFINE_STATIC_CALL(klpx_ftrace_location, no_ftrace_location);
DEFINE_STATIC_CALL(klpx_ftrace_direct, no_ftrace_location);
DEFINE_STATIC_CALL(klpx_kallsyms_size, no_kallsyms_size);
DEFINE_STATIC_CALL(klpx_on_each_match, no_on_each_match);
DEFINE_STATIC_CALL(klpx_module_symbols, no_module_symbols);
DEFINE_STATIC_CALL(klpx_find_module, no_find_module);
DEFINE_STATIC_CALL(klpx_apply_relocate_add, no_apply_relocate_add);
DEFINE_STATIC_CALL(klpx_clear_relocate_add, no_clear_relocate_add);
DEFINE_STATIC_CALL(klpx_text_poke_copy, no_text_poke_copy);

/* Called between the entry and the exit of a task switch: no tracing. */
int notrace klpx_sym_stack_reliable(struct task_struct *task,
				    unsigned long *store, unsigned int size)
{
	return static_call(klpx_stack_reliable)(task, store, size);
}

int klpx_sym_task_call_func(struct task_struct *p,
			    int (*func)(struct task_struct *, void *),
			    void *arg)
{
	return static_call(klpx_task_call_func)(p, func, arg);
}

int klpx_sym_wake_up_state(struct task_struct *p, unsigned int state)
{
	return static_call(klpx_wake_up_state)(p, state);
}

struct task_struct *klpx_sym_idle_task(int cpu)
{
	return static_call(klpx_idle_task)(cpu);
}

bool klpx_sym_task_work_cancel(struct task_struct *task,
			       struct callback_head *cb)
{
	return static_call(klpx_task_work_cancel)(task, cb);
}

unsigned long klpx_sym_ftrace_location(unsigned long addr)
{
	return static_call(klpx_ftrace_location)(addr);
}

unsigned long klpx_sym_ftrace_direct(unsigned long ip)
{
	return static_call(klpx_ftrace_direct)(ip);
}

int klpx_sym_kallsyms_size(unsigned long addr, unsigned long *size,
			   unsigned long *offset)
{
	return static_call(klpx_kallsyms_size)(addr, size, offset);
}

int klpx_sym_on_each_match(int (*fn)(void *, unsigned long), const char *name,
			   void *data)
{
	return static_call(klpx_on_each_match)(fn, name, data);
}

int klpx_sym_module_on_each_symbol(const char *modname,
				   int (*fn)(void *, const char *,
					     unsigned long),
				   void *data)
{
	return static_call(klpx_module_symbols)(modname, fn, data);
}

struct module *klpx_sym_find_module(const char *name)
{
	return static_call(klpx_find_module)(name);
}

int klpx_sym_apply_relocate_add(Elf_Shdr *sechdrs, const char *strtab,
				unsigned int symindex, unsigned int relsec,
				struct module *me)
{
	return static_call(klpx_apply_relocate_add)(sechdrs, strtab, symindex,
						    relsec, me);
}

void klpx_sym_clear_relocate_add(Elf_Shdr *sechdrs, const char *strtab,
				 unsigned int symindex, unsigned int relsec,
				 struct module *me)
{
	static_call(klpx_clear_relocate_add)(sechdrs, strtab, symindex, relsec,
					     me);
}

void *klpx_sym_text_poke_copy(void *addr, const void *opcode, size_t len)
{
	return static_call(klpx_text_poke_copy)(addr, opcode, len);
}

static const int *ftrace_enabled_var;

bool klpx_sym_ftrace_enabled(void)
{
	return !ftrace_enabled_var || READ_ONCE(*ftrace_enabled_var);
}

static int find_lookup_name(void)
{
	static struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
	unsigned long addr;
	int ret;

	ret = register_kprobe(&probe);
	if (ret) {
		pr_err("cannot find kallsyms_lookup_name() with a kprobe (%d)\n",
		       ret);
		return ret;
	}
	/* The probe can sit on the instruction behind a four-byte ENDBR. */
	addr = (unsigned long)probe.addr;
	unregister_kprobe(&probe);

	static_call_update(klpx_lookup_name, (void *)addr);
	addr = static_call(klpx_lookup_name)("kallsyms_lookup_name");
	if (!addr) {
		pr_err("kallsyms_lookup_name() does not know itself\n");
		return -ENOENT;
	}
	static_call_update(klpx_lookup_name, (void *)addr);
	return 0;
}

#define resolve(call, name)						\
({									\
	unsigned long addr__ = static_call(klpx_lookup_name)(name);	\
									\
	if (addr__)							\
		static_call_update(call, (void *)addr__);		\
	else								\
		pr_err("this kernel has no %s()\n", name);		\
	addr__ ? 0 : -ENOENT;						\
})

static void find_tracepoint(struct tracepoint *tp, void *unused)
{
	if (!strcmp(tp->name, "sched_switch"))
		klpx_tracepoints.sched_switch = tp;
	else if (!strcmp(tp->name, "task_newtask"))
		klpx_tracepoints.task_newtask = tp;
	else if (!strcmp(tp->name, "sched_process_exit"))
		klpx_tracepoints.sched_process_exit = tp;
	else if (!strcmp(tp->name, "sched_process_free"))
		klpx_tracepoints.sched_process_free = tp;
}

static int find_tracepoints(void)
{
	for_each_kernel_tracepoint(find_tracepoint, NULL);

	if (klpx_tracepoints.sched_switch && klpx_tracepoints.task_newtask &&
	    klpx_tracepoints.sched_process_exit &&
	    klpx_tracepoints.sched_process_free)
		return 0;

	pr_err("this kernel lacks one of the tracepoints sched_switch, task_newtask, sched_process_exit, sched_process_free\n");
	return -ENOENT;
}

int klpx_symbols_init(void)
{
	int ret;

	ret = find_lookup_name();
	if (ret)
		return ret;

	/* All of them, so that one load names everything that is missing. */
	ret = resolve(klpx_stack_reliable, "stack_trace_save_tsk_reliable");
	ret |= resolve(klpx_task_call_func, "task_call_func");
	ret |= resolve(klpx_wake_up_state, "wake_up_state");
	ret |= resolve(klpx_idle_task, "idle_task");
	ret |= resolve(klpx_task_work_cancel, "task_work_cancel");
	ret |= resolve(klpx_ftrace_location, "ftrace_location");
	ret |= resolve(klpx_ftrace_direct, "ftrace_find_rec_direct");
	ret |= resolve(klpx_kallsyms_size, "kallsyms_lookup_size_offset");
	ret |= resolve(klpx_on_each_match, "kallsyms_on_each_match_symbol");
	ret |= resolve(klpx_module_symbols, "module_kallsyms_on_each_symbol");
	ret |= resolve(klpx_find_module, "find_module");
	/* The second is there with CONFIG_LIVEPATCH only, as is its caller. */
	ret |= resolve(klpx_apply_relocate_add, "apply_relocate_add");
	if (IS_ENABLED(CONFIG_LIVEPATCH))
		ret |= resolve(klpx_clear_relocate_add, "clear_relocate_add");
	ret |= resolve(klpx_text_poke_copy, "text_poke_copy");
	ret |= find_tracepoints();
	ftrace_enabled_var =
		(void *)static_call(klpx_lookup_name)("ftrace_enabled");

	return ret ? -ENOENT : 0;
}
