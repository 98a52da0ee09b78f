// SPDX-License-Identifier: GPL-2.0
/*
 * Who goes on the fast path: a worker that looks when a transition has ended,
 * and then at growing intervals while there are functions it could promote. It
 * takes klpx_mutex for a few of them at a time, so that whoever wants to enable
 * or disable something gets it in between.
 *
 * Under "hot", the handler's counters say who is worth it; under "all",
 * everyone is. Getting on and off takes ftrace an update for each function,
 * which is why "hot" has a limit and "all" is not the default. A function that
 * has become cold is left where it is: there, nobody counts.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "fastpath.h"
#include "promote.h"
#include "pure/hot.h"
#include "redirect.h"
#include "site.h"
#include "stats.h"
#include "stubs.h"
#include "transition.h"

/* Functions promoted in one holding of klpx_mutex. */
#define KLPX_PROMOTE_BATCH	8

static const char *const mode_names[] = {
	[KLPX_FASTPATH_OFF] = "off",
	[KLPX_FASTPATH_HOT] = "hot",
	[KLPX_FASTPATH_ALL] = "all",
};

const char *klpx_fastpath_name(enum klpx_fastpath mode)
{
	return mode_names[mode];
}

int klpx_fastpath_parse(const char *name)
{
	return sysfs_match_string(mode_names, name);
}

static enum klpx_fastpath default_mode = KLPX_FASTPATH_HOT;

static int set_default(const char *text, const struct kernel_param *param)
{
	int mode = klpx_fastpath_parse(text);

	if (mode < 0)
		return mode;
	WRITE_ONCE(default_mode, mode);
	return 0;
}

static int get_default(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%s\n", klpx_fastpath_name(default_mode));
}

static const struct kernel_param_ops default_ops = {
	.set = set_default,
	.get = get_default,
};

module_param_cb(fastpath, &default_ops, NULL, 0644);
MODULE_PARM_DESC(fastpath, "which functions of patches enabled from now on are called directly: off, hot, all");

static unsigned int hot_calls = 10000;
module_param(hot_calls, uint, 0644);
MODULE_PARM_DESC(hot_calls, "calls per second that make a function hot");

static unsigned int hot_max = 64;
module_param(hot_max, uint, 0644);
MODULE_PARM_DESC(hot_max, "functions on the fast path at most before a hot one is left out");

enum klpx_fastpath klpx_fastpath_default(void)
{
	return READ_ONCE(default_mode);
}

static struct workqueue_struct *promote_wq;
static void work_fn(struct work_struct *work);
static DECLARE_DELAYED_WORK(promote_work, work_fn);

/* Of the worker: when it looked, and how long it waits until it looks again. */
static u64 looked_ns;
static unsigned int delay_ms;
/* Some could not be promoted for want of memory or of stubs. */
static bool lacking;

/* Decides what its site runs, so its patch's setting counts. */
static bool owns_site(const struct klpx_lfunc *func)
{
	return func->site && func->site->top == &func->version &&
	       func->version.new_func;
}

static bool may_promote(const struct klpx_lfunc *func)
{
	return owns_site(func) && func->site->traced && !func->site->direct &&
	       !func->site->no_direct;
}

#define for_each_candidate(patch, obj, func)				\
	list_for_each_entry(patch, &klpx_patches, node)			\
		if (patch->fastpath != KLPX_FASTPATH_OFF)		\
			klpx_for_each_object(patch, obj)		\
				klpx_for_each_func(obj, func)		\
					if (may_promote(func))

static unsigned long count_calls(const struct klpx_site *site)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(site->calls, cpu));
	return sum;
}

static bool is_hot(struct klpx_site *site, u64 elapsed_ms)
{
	unsigned long before = site->calls_before;

	site->calls_before = count_calls(site);
	return klpx_is_hot(site->calls_before - before, elapsed_ms,
			   READ_ONCE(hot_calls));
}

/* Marks those that shall be promoted; true if some may become hot later. */
static bool look(void)
{
	u64 now = ktime_get_ns();
	u64 elapsed_ms = div_u64(now - looked_ns, NSEC_PER_MSEC);
	long room = READ_ONCE(hot_max) -
		    atomic_long_read(&klpx_stats[KLPX_STAT_FASTPATH_FUNCTIONS]);
	struct klpx_lpatch *patch;
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;
	bool later = false;

	looked_ns = now;
	for_each_candidate(patch, obj, func) {
		bool hot = is_hot(func->site, elapsed_ms) && room > 0;

		func->site->due = hot || patch->fastpath == KLPX_FASTPATH_ALL;
		if (func->site->due)
			room--;
		else
			later = true;
	}
	return later;
}

/* A batch of those marked; true if there were any. */
static bool promote_some(void)
{
	struct klpx_lpatch *patch;
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;
	unsigned int n = 0;
	LIST_HEAD(sites);

	for_each_candidate(patch, obj, func) {
		struct klpx_site *site = func->site;

		if (!site->due)
			continue;
		site->due = false;
		switch (klpx_fastpath_attach(site, &sites)) {
		case 0:
			break;
		case -EBUSY:	/* another direct caller: it stays */
			site->no_direct = true;
			klpx_count(KLPX_STAT_FASTPATH_REFUSED);
			break;
		default:
			lacking = true;
		}
		if (++n == KLPX_PROMOTE_BATCH)
			goto out;
	}
out:
	klpx_fastpath_enter(&sites);
	return n;
}

/* False while a transition runs: there will be a kick at its end. */
static bool step(bool (*fn)(void), bool *result)
{
	bool settled;

	klpx_lock();
	settled = !klpx_transition_patch();
	*result = settled && fn();
	klpx_unlock();
	return settled;
}

static void work_fn(struct work_struct *work)
{
	bool later, more;

	lacking = false;
	klpx_stubs_recycle();
	if (!step(look, &later))
		return;
	do {
		if (!step(promote_some, &more))
			return;
		cond_resched();
	} while (more);

	if (!later && !lacking)
		return;
	delay_ms = klpx_hot_next(delay_ms);
	queue_delayed_work(promote_wq, &promote_work,
			   msecs_to_jiffies(delay_ms));
}

void klpx_promote_kick(void)
{
	WRITE_ONCE(delay_ms, 0);
	mod_delayed_work(promote_wq, &promote_work, 0);
}

int klpx_demote_patch(struct klpx_lpatch *patch)
{
	LIST_HEAD(batch);

	klpx_batch_loaded(&batch, patch);
	return klpx_fastpath_leave(&batch);
}

/* Not those that a newer patch has taken over. */
static int demote_own(struct klpx_lpatch *patch)
{
	struct klpx_lobject *obj;
	struct klpx_lfunc *func;
	LIST_HEAD(batch);

	klpx_for_each_object(patch, obj)
		klpx_for_each_func(obj, func)
			if (owns_site(func))
				list_add_tail(&func->batch, &batch);
	return klpx_fastpath_leave(&batch);
}

int klpx_set_fastpath(struct klpx_lpatch *patch, enum klpx_fastpath mode)
{
	int ret = 0;

	lockdep_assert_held(&klpx_mutex);

	/* Those of a patch in transition are off it already. */
	if (mode == KLPX_FASTPATH_OFF)
		ret = demote_own(patch);
	if (ret)
		return ret;
	WRITE_ONCE(patch->fastpath, mode);
	klpx_promote_kick();
	return 0;
}

unsigned int klpx_promoted(const struct klpx_lpatch *patch)
{
	const struct klpx_lobject *obj;
	const struct klpx_lfunc *func;
	unsigned int n = 0;

	lockdep_assert_held(&klpx_mutex);
	klpx_for_each_object(patch, obj)
		klpx_for_each_func(obj, func)
			n += owns_site(func) && func->site->direct;
	return n;
}

int klpx_promote_init(void)
{
	promote_wq = alloc_workqueue("klpx_promote", WQ_UNBOUND | WQ_FREEZABLE,
				     1);
	return promote_wq ? 0 : -ENOMEM;
}

void klpx_promote_exit(void)
{
	cancel_delayed_work_sync(&promote_work);
	destroy_workqueue(promote_wq);
}
