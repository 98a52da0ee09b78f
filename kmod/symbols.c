// SPDX-License-Identifier: GPL-2.0
/*
 * Unexported kernel functions, resolved by name and called directly.
 *
 * Not through function pointers: objtool removes the ENDBR of every kernel
 * function whose address nobody takes, and on a CPU with IBT an indirect call
 * to such a function is a fatal #CP. A static call is patched into a direct
 * CALL instruction, which IBT does not look at. Its type is that of the
 * kernel's own declaration, so a kernel that declares a function differently
 * does not compile, rather than being called with the wrong arguments.
 *
 * kallsyms_lookup_name() itself is found with a kprobe that is never armed. The
 * address a kprobe reports can lie behind the ENDBR of the function, so it
 * serves only to ask kallsyms_lookup_name() for its own address. That function
 * finds the symbols of modules too, so it serves only to find the one that does
 * not, which says as well whether a name is there once.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ftrace.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleloader.h>
#include <linux/mutex.h>
#include <linux/stacktrace.h>
#include <linux/static_call.h>
#include <linux/wait.h>

#include <asm/text-patching.h>

#include "compat.h"
#include "symbols.h"

struct klpx_tracepoints klpx_tracepoints;

#ifdef CONFIG_LIVEPATCH
#define LIVEPATCH_FUNCTIONS(use) use(clear_relocate_add)
#else
#define LIVEPATCH_FUNCTIONS(use)
#endif

/* All but the two that find these. */
#define FUNCTIONS(use)				\
	use(stack_trace_save_tsk_reliable)	\
	use(task_call_func)			\
	use(wake_up_state)			\
	use(idle_task)				\
	use(task_work_cancel)			\
	use(ftrace_location)			\
	use(ftrace_find_rec_direct)		\
	use(kallsyms_lookup_size_offset)	\
	use(kallsyms_on_each_symbol)		\
	use(module_kallsyms_on_each_symbol)	\
	use(find_module)			\
	use(apply_relocate_add)			\
	use(kernel_text_address)		\
	use(text_poke_copy)			\
	use(stop_one_cpu)			\
	LIVEPATCH_FUNCTIONS(use)

/*
 * Until it is resolved such a call does nothing; none is made by then, because
 * klpx_symbols_init() comes first and its failure ends the load.
 */
#define DEFINE_CALL(name) DEFINE_STATIC_CALL_NULL(klpx_##name, name);

DEFINE_CALL(kallsyms_lookup_name)
DEFINE_CALL(kallsyms_on_each_match_symbol)
FUNCTIONS(DEFINE_CALL)

#define call(name) static_call(klpx_##name)

/* Called between the entry and the exit of a task switch: no tracing. */
int notrace klpx_sym_stack_reliable(struct task_struct *task,
				    unsigned long *store, unsigned int size)
{
	return call(stack_trace_save_tsk_reliable)(task, store, size);
}

int klpx_sym_task_call_func(struct task_struct *p,
			    int (*func)(struct task_struct *, void *),
			    void *arg)
{
	return call(task_call_func)(p, func, arg);
}

int klpx_sym_wake_up_state(struct task_struct *p, unsigned int state)
{
	return call(wake_up_state)(p, state);
}

struct task_struct *klpx_sym_idle_task(int cpu)
{
	return call(idle_task)(cpu);
}

bool klpx_sym_task_work_cancel(struct task_struct *task,
			       struct callback_head *cb)
{
	return call(task_work_cancel)(task, cb);
}

unsigned long klpx_sym_ftrace_location(unsigned long addr)
{
	return call(ftrace_location)(addr);
}

/*
 * Of ftrace: who changes or frees what ftrace_find_rec_direct() reads has it.
 */
static struct mutex *direct_mutex;

bool klpx_sym_has_direct_caller(unsigned long ip)
{
	bool found;

	mutex_lock(direct_mutex);
	found = call(ftrace_find_rec_direct)(ip);
	mutex_unlock(direct_mutex);
	return found;
}

int klpx_sym_kallsyms_size(unsigned long addr, unsigned long *size,
			   unsigned long *offset)
{
	return call(kallsyms_lookup_size_offset)(addr, size, offset);
}

int klpx_sym_on_each_match(int (*fn)(void *, unsigned long), const char *name,
			   void *data)
{
	return call(kallsyms_on_each_match_symbol)(fn, name, data);
}

int klpx_sym_on_each_symbol(int (*fn)(void *, const char *, unsigned long),
			    void *data)
{
	return call(kallsyms_on_each_symbol)(fn, data);
}

int klpx_sym_module_on_each_symbol(const char *modname,
				   int (*fn)(void *, const char *,
					     unsigned long),
				   void *data)
{
	return call(module_kallsyms_on_each_symbol)(modname, fn, data);
}

struct module *klpx_sym_find_module(const char *name)
{
	return call(find_module)(name);
}

int klpx_sym_apply_relocate_add(Elf_Shdr *sechdrs, const char *strtab,
				unsigned int symindex, unsigned int relsec,
				struct module *me)
{
	return call(apply_relocate_add)(sechdrs, strtab, symindex, relsec, me);
}

#ifdef CONFIG_LIVEPATCH
void klpx_sym_clear_relocate_add(Elf_Shdr *sechdrs, const char *strtab,
				 unsigned int symindex, unsigned int relsec,
				 struct module *me)
{
	call(clear_relocate_add)(sechdrs, strtab, symindex, relsec, me);
}
#endif

bool klpx_sym_kernel_text(unsigned long addr)
{
	return call(kernel_text_address)(addr);
}

void *klpx_sym_text_poke_copy(void *addr, const void *opcode, size_t len)
{
	return call(text_poke_copy)(addr, opcode, len);
}

int klpx_sym_stop_one_cpu(unsigned int cpu, cpu_stop_fn_t fn, void *arg)
{
	return call(stop_one_cpu)(cpu, fn, arg);
}

static const int *ftrace_enabled_var;

bool klpx_sym_ftrace_enabled(void)
{
	return !ftrace_enabled_var || READ_ONCE(*ftrace_enabled_var);
}

static unsigned long ftrace_caller_addr;

unsigned long klpx_sym_ftrace_caller(void)
{
	return ftrace_caller_addr;
}

static unsigned long core_start, core_end;

bool klpx_sym_is_core_text(unsigned long addr)
{
	return addr >= core_start && addr < core_end;
}

struct unique {
	unsigned long addr;
	unsigned int count;
};

static int count_match(void *data, unsigned long addr)
{
	struct unique *unique = data;

	unique->addr = addr;
	unique->count++;
	return 0;
}

/* The only symbol of that name in vmlinux; 0 if there is none, or several. */
static unsigned long find_unique(const char *name)
{
	struct unique unique = {};

	klpx_sym_on_each_match(count_match, name, &unique);
	return unique.count == 1 ? unique.addr : 0;
}

static unsigned long find_function(const char *name)
{
	unsigned long addr = find_unique(name);

	if (klpx_sym_is_core_text(addr))
		return addr;
	pr_err("this kernel has no %s(), or several\n", name);
	return 0;
}

static int find_lookup_name(void)
{
	static struct kprobe probe = {
		.symbol_name = "kallsyms_lookup_name",
		/*
		 * Never armed, so there is nothing to disarm that could fail.
		 */
		.flags = KPROBE_FLAG_DISABLED,
	};
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

	static_call_update(klpx_kallsyms_lookup_name, (void *)addr);
	addr = call(kallsyms_lookup_name)("kallsyms_lookup_name");
	if (!addr) {
		pr_err("kallsyms_lookup_name() does not know itself\n");
		return -ENOENT;
	}
	static_call_update(klpx_kallsyms_lookup_name, (void *)addr);
	return 0;
}

/*
 * What knows the symbols of vmlinux alone. The bounds of its text are found
 * first, and what has been found so far must lie in it: where vmlinux lacks a
 * name, kallsyms_lookup_name() goes on to the modules.
 */
static int find_on_each_match(void)
{
	unsigned long addr;

	core_start = call(kallsyms_lookup_name)("_stext");
	core_end = call(kallsyms_lookup_name)("_etext");
	addr = call(kallsyms_lookup_name)("kallsyms_on_each_match_symbol");
	if (!klpx_sym_is_core_text(addr) ||
	    !klpx_sym_is_core_text(call(kallsyms_lookup_name)
					("kallsyms_lookup_name"))) {
		pr_err("this kernel has no kallsyms_on_each_match_symbol()\n");
		return -ENOENT;
	}
	static_call_update(klpx_kallsyms_on_each_match_symbol, (void *)addr);
	return 0;
}

#define RESOLVE(name)							\
{									\
	unsigned long addr = find_function(#name);			\
									\
	if (addr)							\
		static_call_update(klpx_##name, (void *)addr);		\
	else								\
		ret = -ENOENT;						\
}

/* All of them, so that one load names everything that is missing. */
static int find_functions(void)
{
	int ret = 0;

	FUNCTIONS(RESOLVE)
	return ret;
}

static int find_data(void)
{
	ftrace_enabled_var = (const int *)find_unique("ftrace_enabled");
	direct_mutex = (struct mutex *)find_unique("direct_mutex");
	if (!direct_mutex)
		pr_err("this kernel has no direct_mutex, or several\n");
	ftrace_caller_addr = find_function("ftrace_caller");
	return direct_mutex && ftrace_caller_addr ? 0 : -ENOENT;
}

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
	if (!ret)
		ret = find_on_each_match();
	if (ret)
		return ret;

	ret = find_functions();
	ret |= find_data();
	ret |= find_tracepoints();
	return ret ? -ENOENT : 0;
}
