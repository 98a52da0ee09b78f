// SPDX-License-Identifier: GPL-2.0
/*
 * Fills the records of the contract (klpx/abi.h) and fires the tracepoints.
 * What is costly is done only if a tracepoint is enabled.
 *
 * Readers without klpx_mutex find the name of the patch here: it is written
 * before a pending set is published and not before the last one has been
 * retired, so a reader (sync.h) that sees a set sees its patch's name.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "recent.h"
#include "report.h"
#include "sync.h"
#include "trace.h"

static char patch_name[KLPX_PATCH_NAME_LEN];
static enum klpx_side patch_target;

void klpx_report_prepare(const struct klpx_lpatch *patch,
			 enum klpx_side target)
{
	strscpy(patch_name, patch->name, sizeof(patch_name));
	WRITE_ONCE(patch_target, target);
}

void klpx_report_set_target(enum klpx_side target)
{
	WRITE_ONCE(patch_target, target);
}

static void fill_key(struct klpx_task_key *key, const struct klpx_entry *entry)
{
	key->tid = entry->tid;
	key->idle_cpu = entry->idle_cpu;
	key->start_ns = entry->task->start_boottime;
}

/* Without a named function, such a task is in what a replacement has called. */
static bool is_on_function(enum klpx_reason reason)
{
	return reason == KLPX_ON_FUNCTION || reason == KLPX_STOPPED ||
	       reason == KLPX_UNINTERRUPTIBLE || reason == KLPX_EXITING;
}

/*
 * The verdict on @entry as it stands. Preemption off or klpx_mutex held; a
 * transition runs.
 */
static void fill_info(struct klpx_task_info *info,
		      const struct klpx_entry *entry)
{
	const struct klpx_lfunc *func = READ_ONCE(entry->func);
	struct task_struct *task = entry->task;
	/* The worker may write both meanwhile, and a reversal the first. */
	u64 checked_ns = READ_ONCE(entry->checked_ns);
	u64 since_ns = READ_ONCE(entry->since_ns);

	memset(info, 0, sizeof(*info));
	fill_key(&info->key, entry);
	strscpy(info->patch, patch_name, sizeof(info->patch));
	info->target = READ_ONCE(patch_target);
	info->reason = READ_ONCE(entry->reason);
	if (func)
		strscpy(info->function, func->old_name,
			sizeof(info->function));
	else if (is_on_function(info->reason))
		strscpy(info->function, KLPX_PATCH_CODE, sizeof(info->function));
	strscpy(info->comm, task->comm, sizeof(info->comm));
	info->pid = task_tgid_nr(task);
	info->cpu = task_cpu(task);
	info->task_state = READ_ONCE(task->__state);
	info->signals = READ_ONCE(entry->signals);
	info->kthread = !!(task->flags & PF_KTHREAD);
	info->io_worker = !!(task->flags & (PF_IO_WORKER | PF_USER_WORKER));
	info->since_ns = since_ns;
	info->checked_ns = checked_ns;
	if (since_ns && checked_ns > since_ns)
		info->age_ms = div_u64(checked_ns - since_ns, NSEC_PER_MSEC);
}

int klpx_report_verdict(const struct task_struct *task,
			struct klpx_task_info *info)
{
	const struct klpx_entry *entry;
	const struct klpx_set *set;
	int ret = -ENOENT;

	/* klpx_pending_retire() and klpx_pending_prune() wait for this. */
	klpx_read_lock();
	/* Pairs with smp_store_release() in klpx_pending_publish(). */
	set = smp_load_acquire(&klpx_current_set);
	entry = set ? klpx_pending_find(set, task) : NULL;
	if (entry && READ_ONCE(entry->side) != READ_ONCE(set->default_side)) {
		fill_info(info, entry);
		ret = 0;
	}
	klpx_read_unlock();
	return ret;
}

/*
 * These are the lines of the kernel's livepatch, unchanged: they are searched
 * for.
 */
static void debug_blocked(const struct klpx_entry *entry)
{
	const char *comm = entry->task->comm;

	switch (entry->reason) {
	case KLPX_NOT_CHECKED:
		return;
	case KLPX_RUNNING:
	case KLPX_IDLE:
		pr_debug("klp_try_switch_task: %s:%d is running\n", comm,
			 entry->tid);
		return;
	case KLPX_UNRELIABLE_STACK:
		pr_debug("klp_try_switch_task: %s:%d has an unreliable stack\n",
			 comm, entry->tid);
		return;
	default:
		pr_debug("klp_try_switch_task: %s:%d is sleeping on function %s\n",
			 comm, entry->tid,
			 entry->func ? entry->func->old_name : KLPX_PATCH_CODE);
	}
}

void klpx_report_blocked(struct klpx_entry *entry)
{
	struct klpx_task_info info;

	WRITE_ONCE(entry->checked_ns, ktime_get_ns());
	if (!entry->since_ns)
		WRITE_ONCE(entry->since_ns, entry->checked_ns);

	debug_blocked(entry);

	if (!trace_klpx_task_blocked_enabled())
		return;
	fill_info(&info, entry);
	trace_klpx_task_blocked(entry->task, &info);
}

void klpx_report_signal(const struct klpx_entry *entry)
{
	struct klpx_task_info info;

	klpx_recent_signal();
	if (!trace_klpx_signal_sent_enabled())
		return;
	fill_info(&info, entry);
	trace_klpx_signal_sent(entry->task, &info);
}

void klpx_report_switched(const struct klpx_entry *entry, enum klpx_how how)
{
	struct klpx_task_key key;

	/* Only tasks that were reported as blocked get a switched event. */
	if (!trace_klpx_task_switched_enabled() ||
	    !READ_ONCE(entry->since_ns))
		return;
	fill_key(&key, entry);
	trace_klpx_task_switched(entry->task, &key, how, patch_name);
}
