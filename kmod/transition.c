// SPDX-License-Identifier: GPL-2.0
/*
 * The consistency model.
 *
 * A function is *in transition* while some tasks shall call the version above
 * and some the version below. Each task is on one side, PATCHED or UNPATCHED,
 * and keeps to it until it is switched; it is switched only when none of the
 * functions that are being taken away is on its stack. So no task ever mixes
 * the two sets of functions, and when the last task has been switched nobody
 * is inside what was taken away.
 *
 *	enable            disable
 *	  prepare           prepare        every task has an entry, on the
 *	     |                 |           side it is on; fork and exit watched
 *	  add versions      mark versions  the handler starts to ask for sides
 *	     |                 |
 *	     +--- running -----+           the gate is open, tasks switch
 *	             |    ^
 *	             +----+ reverse        gate shut; the set turned inside out
 *	             |
 *	          complete                 nobody is pending
 *
 * Who moves tasks: the worker here, for those that are off their CPU; the
 * tasks themselves, when they leave the kernel or their CPU (switch.c). The
 * worker is woken by events: the start, the last pending task being switched,
 * the death of one, a request. A timer is the backstop.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpu.h>
#include <linux/irq_work.h>
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "exiting.h"
#include "hooks.h"
#include "pending.h"
#include "pure/schedule.h"
#include "redirect.h"
#include "report.h"
#include "stats.h"
#include "switch.h"
#include "sync.h"
#include "transition.h"

/* Tasks looked at between two offers to give up the CPU. */
#define KLPX_PASS_BATCH		64

/* The transition. Guarded by klpx_mutex. */
static struct {
	struct klpx_lpatch *patch;	/* NULL: none */
	struct klpx_set *set;
	struct klpx_forbidden forbidden;
	struct klpx_schedule schedule;
	bool signaled;			/* the notice has been printed */
	bool removes_forced;		/* a task was forced off the patch */
} tr;

static struct workqueue_struct *klpx_wq;
static atomic_t woken;		/* the next pass was asked for */

static void pass_fn(struct work_struct *work);
static DECLARE_DELAYED_WORK(pass_work, pass_fn);

/* wake() comes under run queue locks, where no work can be queued. */
static void wake_fn(struct irq_work *work)
{
	mod_delayed_work(klpx_wq, &pass_work, 0);
}
static DEFINE_IRQ_WORK(wake_work, wake_fn);

void klpx_transition_wake(void)
{
	atomic_set(&woken, 1);
	irq_work_queue(&wake_work);
}

int klpx_transition_init(void)
{
	/* Unbound: a pass must not wait for a CPU that a hog keeps. */
	klpx_wq = alloc_workqueue("klpx", WQ_UNBOUND | WQ_HIGHPRI, 1);
	return klpx_wq ? 0 : -ENOMEM;
}

void klpx_transition_exit(void)
{
	irq_work_sync(&wake_work);
	cancel_delayed_work_sync(&pass_work);
	destroy_workqueue(klpx_wq);
}

struct klpx_lpatch *klpx_transition_patch(void)
{
	lockdep_assert_held(&klpx_mutex);
	return tr.patch;
}

unsigned long klpx_transition_pending(void)
{
	lockdep_assert_held(&klpx_mutex);
	return tr.set ? atomic_long_read(&tr.set->nr_pending) : 0;
}

/* For log lines in the words of the kernel's livepatch. */
static const char *direction(enum klpx_side target)
{
	return target == KLPX_PATCHED ? "patching" : "unpatching";
}

/*
 * What must not be on a stack when a task is switched to @target.
 *
 * To PATCHED: the body that the task runs now, the version below or the
 * original. To UNPATCHED: the body of the version. And, unless the original's
 * body covers it, the return address into the original's entry: a task that
 * was preempted between the handler's choice and the jump has only that on its
 * stack, and is about to enter the version it chose. (The kernel's livepatch
 * looks for the body alone and would free it under such a task.)
 */
static void forbid(struct klpx_range **next, const struct klpx_lfunc *func,
		   enum klpx_side target)
{
	const struct klpx_lfunc *leaving = func;
	unsigned long start;

	if (target == KLPX_PATCHED) {
		if (!func->version.older) {
			*(*next)++ = (struct klpx_range) {
				.start = func->old_addr,
				.end = func->old_addr + func->old_size,
				.owner = func,
			};
			return;
		}
		leaving = container_of(func->version.older, struct klpx_lfunc,
				       version);
	}

	start = (unsigned long)leaving->version.new_func;
	*(*next)++ = (struct klpx_range) {
		.start = start,
		.end = start + leaving->new_size,
		.owner = func,
	};
	start = klpx_redirect_return_address(func);
	*(*next)++ = (struct klpx_range) {
		.start = start,
		.end = start + 1,
		.owner = func,
	};
}

static void build_forbidden(enum klpx_side target)
{
	struct klpx_range *next = tr.forbidden.ranges;
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;

	klpx_for_each_object(tr.patch, obj)
		klpx_for_each_func(obj, func)
			forbid(&next, func, target);
	tr.forbidden.count = klpx_ranges_build(tr.forbidden.ranges,
					       next - tr.forbidden.ranges);
}

/* Undo prepare(). No function is in transition and the gate is shut. */
static void forget(void)
{
	if (tr.set)
		klpx_set_retire(tr.set);
	kvfree(tr.forbidden.ranges);
	memset(&tr, 0, sizeof(tr));
}

/*
 * Give every task an entry on the side it is on, which is !@target for all.
 * From here to forget() fork and exit are watched.
 */
static int prepare(struct klpx_lpatch *patch, enum klpx_side target)
{
	int ret;

	if (tr.patch)
		return -EBUSY;

	pr_debug("'%s': initializing %s transition\n", patch->name,
		 direction(target));

	/* At most two ranges a function; see forbid(). */
	tr.forbidden.ranges = kvmalloc_array(2 * patch->nr_funcs + 1,
					     sizeof(*tr.forbidden.ranges),
					     GFP_KERNEL);
	tr.set = klpx_set_create(!target);
	if (!tr.forbidden.ranges || !tr.set) {
		forget();
		return -ENOMEM;
	}

	klpx_set_publish(tr.set);
	ret = klpx_set_enroll_everyone(tr.set);
	if (ret) {
		forget();
		return ret;
	}
	klpx_set_turn(tr.set, target);

	tr.patch = patch;
	patch->target = target;
	patch->tasks = atomic_long_read(&tr.set->nr_pending);
	patch->retries = 0;
	patch->started_ns = ktime_get_ns();
	patch->ended_ns = 0;
	klpx_count(KLPX_STAT_TRANSITIONS);
	return 0;
}

/* Everything is in place: open the gate. */
static void start(void)
{
	struct klpx_lpatch *patch = tr.patch;

	pr_notice("'%s': starting %s transition\n", patch->name,
		  direction(patch->target));

	klpx_schedule_reset(&tr.schedule);
	tr.signaled = false;
	build_forbidden(patch->target);
	klpx_switch_open(patch->target, &tr.forbidden);
	klpx_transition_wake();
}

int klpx_enable(struct klpx_lpatch *patch)
{
	int ret;

	lockdep_assert_held(&klpx_mutex);

	ret = prepare(patch, KLPX_PATCHED);
	if (ret)
		return ret;
	ret = klpx_hooks_watch_switches();
	if (ret)
		goto err_forget;

	/* Set before the handler can see a version: everyone runs the old. */
	klpx_redirect_set_transition(patch, true);
	ret = klpx_redirect_add(patch);
	if (ret)
		goto err_unwatch;

	klpx_report_start(patch);
	start();
	return 0;

err_unwatch:
	klpx_redirect_set_transition(patch, false);
	klpx_hooks_unwatch_switches();
err_forget:
	forget();
	return ret;
}

int klpx_disable(struct klpx_lpatch *patch)
{
	int ret;

	lockdep_assert_held(&klpx_mutex);

	ret = prepare(patch, KLPX_UNPATCHED);
	if (ret)
		return ret;
	ret = klpx_hooks_watch_switches();
	if (ret) {
		patch->target = KLPX_PATCHED;
		forget();
		return ret;
	}

	/* The set says PATCHED for everyone: nothing changes by this. */
	klpx_redirect_set_transition(patch, true);
	klpx_report_start(patch);
	start();
	return 0;
}

int klpx_transition_reverse(void)
{
	struct klpx_lpatch *patch = tr.patch;
	int ret;

	lockdep_assert_held(&klpx_mutex);

	pr_debug("'%s': reversing transition from %s to %s\n", patch->name,
		 direction(patch->target), direction(!patch->target));

	/*
	 * Behind the shut gate nobody's side changes. Tasks that were forked
	 * on the target side have no entry: give them one, and wait for any
	 * handler that did not find it, before the default turns under it.
	 */
	klpx_switch_shut();
	ret = klpx_set_enroll_everyone(tr.set);
	if (ret) {
		klpx_switch_open(patch->target, &tr.forbidden);
		return ret;
	}
	klpx_sync_cpus();
	klpx_set_turn(tr.set, !patch->target);

	patch->target = !patch->target;
	patch->tasks = atomic_long_read(&tr.set->nr_pending);
	klpx_count(KLPX_STAT_REVERSALS);
	klpx_report_reverse(patch);
	start();
	return 0;
}

/*
 * Nobody is pending: every task already sees what it will see for good.
 *
 * The handler must not find .transition set and the set gone. To PATCHED, the
 * flag is cleared before the klpx_sync_cpus() of klpx_switch_shut(); to
 * UNPATCHED, the versions are unlinked before that of klpx_redirect_remove().
 */
static void complete_transition(void)
{
	struct klpx_lpatch *patch = tr.patch;

	pr_debug("'%s': completing %s transition\n", patch->name,
		 direction(patch->target));

	if (patch->target == KLPX_PATCHED)
		klpx_redirect_set_transition(patch, false);
	klpx_switch_shut();
	klpx_hooks_unwatch_switches();

	if (patch->target == KLPX_UNPATCHED) {
		/*
		 * An exiting task that could not be remembered may still be
		 * in a function that goes; this waits for all of them.
		 */
		if (klpx_exiting_missed())
			synchronize_rcu_tasks();
		klpx_redirect_remove(patch);
		klpx_redirect_set_transition(patch, false);
		if (tr.removes_forced)
			patch->forced = true;
	}

	patch->ended_ns = ktime_get_ns();
	forget();

	pr_notice("'%s': %s complete\n", patch->name,
		  direction(patch->target));
	klpx_report_complete(patch);

	if (patch->target == KLPX_UNPATCHED)
		klpx_retire_patch(patch);
}

/* True if some task is left that nothing but another look can find ready. */
static bool walk_pending(void)
{
	struct klpx_entry *entry, *next;
	unsigned int looked = 0;
	bool polled = false;

	klpx_set_collect(tr.set);
	list_for_each_entry_safe(entry, next, &tr.set->pending, pending) {
		cpus_read_lock();
		if (klpx_switch_try(tr.set, entry))
			list_del_init(&entry->pending);
		else if (entry->reason == KLPX_UNRELIABLE_STACK)
			polled = true;
		cpus_read_unlock();
		if (!(++looked % KLPX_PASS_BATCH))
			cond_resched();
	}
	return polled;
}

/*
 * In the order of urgency for observers: what blocks, then what was done about
 * it. A task that switched itself meanwhile is left out.
 */
static void report_blocked(void)
{
	struct klpx_entry *entry;

	list_for_each_entry(entry, &tr.set->pending, pending) {
		if (READ_ONCE(entry->side) == tr.patch->target)
			continue;
		klpx_report_blocked(entry);
		cond_resched();
	}
}

static void signal_if_due(void)
{
	u64 elapsed = ktime_get_ns() - tr.patch->started_ns;

	if (!klpx_schedule_signal(&tr.schedule, div_u64(elapsed, NSEC_PER_MSEC)))
		return;
	if (!tr.signaled)
		pr_notice("signaling remaining tasks\n");
	tr.signaled = true;
	klpx_transition_signal();
}

static void pass_fn(struct work_struct *work)
{
	bool polled;

	mutex_lock(&klpx_mutex);
	if (!tr.patch)
		goto out;

	klpx_count(KLPX_STAT_PASSES);
	if (!atomic_xchg(&woken, 0)) {
		klpx_count(KLPX_STAT_TIMER_RETRIES);
		tr.patch->retries++;
	}

	polled = walk_pending();
	if (!atomic_long_read(&tr.set->nr_pending)) {
		complete_transition();
		goto out;
	}

	report_blocked();
	signal_if_due();
	klpx_set_prune(tr.set);
	/* Not if somebody has asked for a pass meanwhile: that one is sooner. */
	queue_delayed_work(klpx_wq, &pass_work,
		msecs_to_jiffies(klpx_schedule_retry(&tr.schedule, polled)));
out:
	mutex_unlock(&klpx_mutex);
}

void klpx_transition_signal(void)
{
	struct klpx_entry *entry;

	lockdep_assert_held(&klpx_mutex);

	klpx_set_collect(tr.set);
	list_for_each_entry(entry, &tr.set->pending, pending) {
		if (READ_ONCE(entry->side) != tr.patch->target)
			klpx_switch_signal(entry);
		cond_resched();
	}
}

static struct klpx_entry *find_pending(pid_t tid)
{
	struct klpx_entry *entry;

	klpx_set_collect(tr.set);
	list_for_each_entry(entry, &tr.set->pending, pending)
		if (!klpx_entry_idle(entry) &&
		    task_pid_nr(entry->task) == tid &&
		    READ_ONCE(entry->side) != tr.patch->target)
			return entry;
	return NULL;
}

int klpx_transition_signal_task(pid_t tid)
{
	struct klpx_entry *entry;

	lockdep_assert_held(&klpx_mutex);

	entry = find_pending(tid);
	if (!entry)
		return -ESRCH;
	klpx_switch_signal(entry);
	return 0;
}

/* A task that may be in a function that goes pins the function's module. */
static void note_force(unsigned long tasks)
{
	if (tr.patch->target == KLPX_UNPATCHED)
		tr.removes_forced = true;
	klpx_report_force(tr.patch, tasks);
}

void klpx_transition_force(void)
{
	struct klpx_entry *entry;
	unsigned long flags;

	lockdep_assert_held(&klpx_mutex);

	pr_warn("forcing remaining tasks to the patched state\n");
	note_force(klpx_transition_pending());

	/* A fork that looks now must not bring a new pending task in. */
	raw_spin_lock_irqsave(&tr.set->lock, flags);
	tr.set->forced = true;
	raw_spin_unlock_irqrestore(&tr.set->lock, flags);

	klpx_set_collect(tr.set);
	list_for_each_entry(entry, &tr.set->pending, pending) {
		klpx_switch_force(tr.set, entry);
		cond_resched();
	}
	klpx_transition_wake();
}

int klpx_transition_force_task(pid_t tid)
{
	struct klpx_entry *entry;

	lockdep_assert_held(&klpx_mutex);

	entry = find_pending(tid);
	if (!entry)
		return -ESRCH;
	pr_warn("forcing task %s:%d to the %s state\n", entry->task->comm, tid,
		tr.patch->target == KLPX_PATCHED ? "patched" : "unpatched");
	note_force(1);
	klpx_switch_force(tr.set, entry);
	klpx_transition_wake();
	return 0;
}
