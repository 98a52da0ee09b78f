// SPDX-License-Identifier: GPL-2.0
/*
 * Unexported kernel functions, resolved by name and called directly.
 *
 * Not through function pointers: objtool removes the ENDBR of every kernel
 * function whose address is never taken, and on a CPU with IBT an indirect call
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

#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/ftrace.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/livepatch.h>
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

/*
 * Until it is resolved such a call does nothing; none is made by then, because
 * klpx_symbols_init() comes first and its failure ends the load.
 */
#define DEFINE_CALL(symbol) DEFINE_STATIC_CALL_NULL(klpx_##symbol, symbol);
#define call(symbol) static_call(klpx_##symbol)

DEFINE_CALL(kallsyms_lookup_name)
DEFINE_CALL(kallsyms_on_each_match_symbol)
DEFINE_CALL(ftrace_find_rec_direct)

#define DEFINE_SYMBOL(type, name, symbol, parameters, arguments)	\
	DEFINE_CALL(symbol)						\
	type klpx_sym_##name parameters					\
	{								\
		return call(symbol)arguments;				\
	}
KLPX_SYMBOLS(DEFINE_SYMBOL)

#ifdef CONFIG_LIVEPATCH
/* Static in fs/proc/base.c; declared as all of /proc/<pid> are there. */
int proc_pid_patch_state(struct seq_file *m, struct pid_namespace *ns,
			 struct pid *pid, struct task_struct *task);

KLPX_ORIGINALS(DEFINE_SYMBOL)
KLPX_BTF_SYMBOLS(DEFINE_SYMBOL)
#endif

int klpx_sym_on_each_match(int (*fn)(void *, unsigned long), const char *name,
			   void *data)
{
	return call(kallsyms_on_each_match_symbol)(fn, name, data);
}

/*
 * ftrace's mutex: held by all that changes or frees what
 * ftrace_find_rec_direct() reads.
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

#define RESOLVE(symbol)							\
{									\
	unsigned long addr = find_function(#symbol);			\
									\
	if (addr)							\
		static_call_update(klpx_##symbol, (void *)addr);	\
	else								\
		ret = -ENOENT;						\
}
#define RESOLVE_SYMBOL(type, name, symbol, parameters, arguments) \
	RESOLVE(symbol)

/* All of them, so that one load names everything that is missing. */
static int find_functions(void)
{
	int ret = 0;

	RESOLVE(ftrace_find_rec_direct)
	KLPX_SYMBOLS(RESOLVE_SYMBOL)
	return ret;
}

static bool can_adopt;

bool klpx_symbols_can_adopt(void)
{
	return can_adopt;
}

#ifdef CONFIG_LIVEPATCH
/* Where @name goes on after its call of ftrace; 0 if ftrace does not call it. */
static unsigned long find_original(const char *name)
{
	unsigned long addr = find_function(name);
	unsigned long ip = addr ? klpx_sym_ftrace_location(addr) : 0;

	if (ip)
		return ip + MCOUNT_INSN_SIZE;
	if (addr)
		pr_err("%s() cannot be traced on this kernel\n", name);
	return 0;
}

#define RESOLVE_ORIGINAL(type, name, symbol, parameters, arguments)	\
{									\
	unsigned long addr = find_original(#symbol);			\
									\
	if (addr)							\
		static_call_update(klpx_##symbol, (void *)addr);	\
	else								\
		ret = -ENOENT;						\
}

/* After find_functions(). */
static void find_adoption(void)
{
	int ret = 0;

	KLPX_ORIGINALS(RESOLVE_ORIGINAL)
	KLPX_BTF_SYMBOLS(RESOLVE_SYMBOL)
	can_adopt = !ret;
	if (ret)
		pr_warn("patches for this kernel's livepatch cannot be adopted\n");
}
#else
static void find_adoption(void)
{
}
#endif

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
	if (ret)
		return -ENOENT;
	find_adoption();
	return 0;
}
