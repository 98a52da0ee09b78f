// SPDX-License-Identifier: GPL-2.0
/*
 * The probes. Each is a reader, whatever the tracepoints of the running kernel
 * do, because klpx_sync_readers() is what waits for them.
 *
 * They are registered as void *, for the functions that would check their types
 * want tracepoints that are exported; so that is done in klpx_hooks_init(). A
 * probe of another type would be killed by a kernel with CFI.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

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
	set = smp_load_acquire(&klpx_current_set);
	if (set)
		klpx_set_fork(set, child);
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

	klpx_read_lock();
	set = smp_load_acquire(&klpx_current_set);
	if (set) {
		klpx_switch_leaving_cpu(set, prev);
		if (set->stops)
			klpx_stop_coming_on(set, next);
	}
	klpx_read_unlock();
}

int klpx_hooks_init(void)
{
	int ret;

	/* Nothing at run time; the compiler compares the types. */
	check_trace_callback_type_task_newtask(on_newtask);
	check_trace_callback_type_sched_process_free(on_free);
	check_trace_callback_type_sched_process_exit(on_exit);
	check_trace_callback_type_sched_switch(on_switch);

	ret = tracepoint_probe_register(klpx_tracepoints.task_newtask,
					on_newtask, NULL);
	if (ret)
		goto err_report;
	ret = tracepoint_probe_register(klpx_tracepoints.sched_process_free,
					on_free, NULL);
	if (ret)
		goto err_newtask;
	ret = tracepoint_probe_register(klpx_tracepoints.sched_process_exit,
					on_exit, NULL);
	if (ret)
		goto err_free;
	return 0;

err_free:
	tracepoint_probe_unregister(klpx_tracepoints.sched_process_free,
				    on_free, NULL);
err_newtask:
	tracepoint_probe_unregister(klpx_tracepoints.task_newtask,
				    on_newtask, NULL);
	tracepoint_synchronize_unregister();
err_report:
	pr_err("cannot hook fork and exit (%d)\n", ret);
	return ret;
}

void klpx_hooks_exit(void)
{
	tracepoint_probe_unregister(klpx_tracepoints.sched_process_exit,
				    on_exit, NULL);
	tracepoint_probe_unregister(klpx_tracepoints.sched_process_free,
				    on_free, NULL);
	tracepoint_probe_unregister(klpx_tracepoints.task_newtask,
				    on_newtask, NULL);
	tracepoint_synchronize_unregister();
}

int klpx_hooks_watch_switches(void)
{
	return tracepoint_probe_register(klpx_tracepoints.sched_switch,
					 on_switch, NULL);
}

void klpx_hooks_unwatch_switches(void)
{
	tracepoint_probe_unregister(klpx_tracepoints.sched_switch, on_switch,
				    NULL);
}
