// SPDX-License-Identifier: GPL-2.0
/*
 * The probes. Each is a reader, whatever the tracepoints of the running kernel
 * do, because klpx_sync_readers() is what waits for them.
 *
 * None comes or goes with a transition: (un)registering one waits for others
 * that do so, under the tracepoints' mutex, and a probe that is the first one
 * soon after the last one has gone waits for an SRCU grace period, which a
 * real-time hog holds up. With klpx_mutex held, all else would wait with it.
 *
 * They are registered as void *, for the functions that would check their types
 * want tracepoints that are exported; so that is done in klpx_hooks_init(). A
 * probe of another type would be killed by a kernel with CFI.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/array_size.h>
#include <linux/sched.h>
#include <linux/tracepoint.h>
#include <trace/events/sched.h>
#include <trace/events/task.h>

#include "compat.h"
#include "exiting.h"
#include "hooks.h"
#include "pending.h"
#include "stop.h"
#include "switch.h"
#include "symbols.h"
#include "sync.h"

/*
 * Why task_newtask: copy_process() fires it for every new task, io workers and
 * vhost threads included (sched_process_fork misses those), after the task has
 * its tid and is on the task list, before it can run.
 */
static void on_newtask(void *unused, struct task_struct *child,
		       KLPX_CLONE_FLAGS clone_flags)
{
	struct klpx_set *set;

	klpx_read_lock();
	/* Pairs with smp_store_release() in klpx_pending_publish(). */
	set = smp_load_acquire(&klpx_current_set);
	if (set)
		klpx_pending_fork(set, child);
	klpx_read_unlock();
}

/* Before exit_notify() takes the task off the list. */
static void on_exit(KLPX_ON_EXIT_ARGS)
{
	klpx_read_lock();
	klpx_exiting_add(task);
	klpx_read_unlock();
}

/* In delayed_put_task_struct(): after the task's last context switch. */
static void on_free(void *unused, struct task_struct *task)
{
	klpx_read_lock();
	klpx_exiting_remove(task);
	klpx_read_unlock();
}

/*
 * In __schedule(), on the stack of @prev, with the run queue locked and
 * interrupts off. @prev is the current task.
 */
static void on_switch(void *unused, bool preempt, struct task_struct *prev,
		      struct task_struct *next, unsigned int prev_state)
{
	struct klpx_set *set;

	/*
	 * All that it costs without a transition. A set that is published after
	 * this look wants nothing of this switch but that it ends: the
	 * interrupt of klpx_sync_readers() does not come in the middle of one
	 * (stop.c).
	 */
	if (!READ_ONCE(klpx_current_set))
		return;

	klpx_read_lock();
	/*
	 * Pairs with smp_store_release() in klpx_pending_publish(); guards what
	 * is in the set. NULL after klpx_pending_retire().
	 */
	set = smp_load_acquire(&klpx_current_set);
	if (set) {
		klpx_switch_leaving_cpu(set, prev);
		if (set->stops)
			klpx_stop_gets_cpu(set, next);
	}
	klpx_read_unlock();
}

static const struct probe {
	struct tracepoint **tp;
	void *fn;
} probes[] = {
	{ &klpx_tracepoints.task_newtask, on_newtask },
	{ &klpx_tracepoints.sched_process_free, on_free },
	{ &klpx_tracepoints.sched_process_exit, on_exit },
	{ &klpx_tracepoints.sched_switch, on_switch },
};

static void unregister_probes(const struct probe *end)
{
	while (end-- > probes)
		tracepoint_probe_unregister(*end->tp, end->fn, NULL);
	tracepoint_synchronize_unregister();
}

int klpx_hooks_init(void)
{
	const struct probe *probe;
	int ret;

	/* Nothing at run time; the compiler compares the types. */
	check_trace_callback_type_task_newtask(on_newtask);
	check_trace_callback_type_sched_process_free(on_free);
	check_trace_callback_type_sched_process_exit(on_exit);
	check_trace_callback_type_sched_switch(on_switch);

	for (probe = probes; probe < probes + ARRAY_SIZE(probes); probe++) {
		ret = tracepoint_probe_register(*probe->tp, probe->fn, NULL);
		if (ret) {
			pr_err("cannot hook the tracepoint %s (%d)\n",
			       (*probe->tp)->name, ret);
			unregister_probes(probe);
			return ret;
		}
	}
	return 0;
}

void klpx_hooks_exit(void)
{
	unregister_probes(probes + ARRAY_SIZE(probes));
}
