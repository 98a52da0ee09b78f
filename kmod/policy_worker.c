// SPDX-License-Identifier: GPL-2.0
/*
 * Rounds of questions to the policy; see policy_worker.h.
 *
 * A round takes references on the tasks that block, under klpx_mutex; asks
 * about each of them with no lock held; and does what was answered under
 * klpx_mutex again, if the transition is still the one it was and the task
 * still blocks it. So a round that is late does nothing, and nothing waits for
 * one.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpu.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "counters.h"
#include "policy.h"
#include "policy_worker.h"
#include "report.h"
#include "switch.h"
#include "transition_state.h"

static struct workqueue_struct *policy_wq;
static void policy_worker(struct work_struct *work);
static DECLARE_DELAYED_WORK(round_work, policy_worker);

/* Written by the worker, after each answer and each round. */
static u64 answered_ns;

/* Phases that have not been told; the lock is innermost. */
static DEFINE_SPINLOCK(phases_lock);
static struct klpx_transition_info phases[KLPX_POLICY_PHASES];
static unsigned int first_phase, nr_phases;

int klpx_policy_worker_init(void)
{
	policy_wq = alloc_workqueue("klpx_policy", WQ_UNBOUND, 1);
	return policy_wq ? 0 : -ENOMEM;
}

void klpx_policy_worker_exit(void)
{
	cancel_delayed_work_sync(&round_work);
	destroy_workqueue(policy_wq);
}

/* A round that is queued already comes at its own time. */
void klpx_policy_worker_wake(void)
{
	queue_delayed_work(policy_wq, &round_work, 0);
}

static void describe_transition(struct klpx_transition_info *info,
				const struct klpx_lpatch *patch,
				enum klpx_phase phase)
{
	memset(info, 0, sizeof(*info));
	strscpy(info->patch, patch->name, sizeof(info->patch));
	info->target = patch->target;
	info->phase = phase;
	info->functions = patch->nr_funcs;
}

int klpx_policy_worker_may_start(const struct klpx_lpatch *patch)
{
	struct klpx_transition_info info;

	describe_transition(&info, patch, KLPX_PHASE_WANTED);
	info.target = KLPX_PATCHED;
	return klpx_policy_may_start(&info);
}

void klpx_policy_worker_note(const struct klpx_lpatch *patch,
			     enum klpx_phase phase)
{
	struct klpx_transition_info info;

	lockdep_assert_held(&klpx_mutex);

	describe_transition(&info, patch, phase);
	info.tasks = patch->tasks;
	info.pending = atomic_long_read(&klpx_nr_pending);
	info.elapsed_ms = div_u64(ktime_get_ns() - patch->started_ns,
				  NSEC_PER_MSEC);

	spin_lock(&phases_lock);
	if (nr_phases == KLPX_POLICY_PHASES)
		first_phase++;
	else
		nr_phases++;
	phases[(first_phase + nr_phases - 1) % KLPX_POLICY_PHASES] = info;
	spin_unlock(&phases_lock);
	klpx_policy_worker_wake();
}

static bool take_phase(struct klpx_transition_info *info)
{
	bool found;

	spin_lock(&phases_lock);
	found = nr_phases;
	if (found) {
		*info = phases[first_phase++ % KLPX_POLICY_PHASES];
		nr_phases--;
	}
	spin_unlock(&phases_lock);
	return found;
}

bool klpx_policy_worker_decides(void)
{
	return klpx_policy_acts() &&
	       ktime_get_ns() - READ_ONCE(answered_ns) <
		       KLPX_POLICY_ANSWER_MS * NSEC_PER_MSEC;
}

struct round {
	u64 reversed_ns;		/* tells the transition */
	bool due;			/* for a signal, by the engine's timing */
	size_t max, n;
	struct task_struct **tasks;
};

static bool is_asked_about(const struct klpx_entry *entry)
{
	return READ_ONCE(entry->since_ns) && !klpx_entry_idle(entry) &&
	       READ_ONCE(entry->side) != klpx_tr.patch->target;
}

/* False: nothing is in transition. */
static bool collect_blockers(struct round *round)
{
	struct klpx_entry *entry;
	bool running;

	klpx_lock();
	running = klpx_tr.patch;
	if (!running || klpx_tr.waits)
		goto out;
	round->reversed_ns = klpx_tr.reversed_ns;
	round->due = klpx_signal_due();
	klpx_pending_collect(klpx_tr.set);
	list_for_each_entry(entry, &klpx_tr.set->pending, pending) {
		cond_resched();
		if (round->n == round->max)
			break;
		if (is_asked_about(entry))
			round->tasks[round->n++] = get_task_struct(entry->task);
	}
out:
	klpx_unlock();
	return running;
}

static void apply_action(const struct round *round, struct task_struct *task,
			 enum klpx_push action)
{
	struct klpx_entry *entry = NULL;

	klpx_lock();
	if (klpx_tr.patch && klpx_tr.reversed_ns == round->reversed_ns)
		entry = klpx_pending_find(klpx_tr.set, task);
	if (!entry || READ_ONCE(entry->side) == klpx_tr.patch->target)
		goto out;
	if (action == KLPX_PUSH_SIGNAL) {
		klpx_switch_signal(entry);
		goto out;
	}
	cpus_read_lock();
	klpx_switch_kick(entry);
	cpus_read_unlock();
out:
	klpx_unlock();
}

static void ask_about(const struct round *round, struct task_struct *task)
{
	struct klpx_task_info info;
	enum klpx_push answer;

	/* It may have been switched, or be on its way back, meanwhile. */
	if (klpx_report_verdict(task, &info) || !info.since_ns)
		return;
	info.age_ms = div_u64(ktime_get_ns() - info.since_ns, NSEC_PER_MSEC);
	answer = klpx_policy_ask(&info, task);
	klpx_count(KLPX_STAT_POLICY_ASKED);
	WRITE_ONCE(answered_ns, ktime_get_ns());

	switch (answer) {
	case KLPX_PUSH_WAIT:
		break;
	case KLPX_PUSH_LEAVE:
		klpx_count(KLPX_STAT_POLICY_LEFT);
		break;
	case KLPX_PUSH_KICK:
		klpx_count(KLPX_STAT_POLICY_KICKS);
		apply_action(round, task, KLPX_PUSH_KICK);
		break;
	case KLPX_PUSH_SIGNAL:
		apply_action(round, task, KLPX_PUSH_SIGNAL);
		break;
	case KLPX_PUSH_DEFAULT:
	default:
		if (round->due)
			apply_action(round, task, KLPX_PUSH_SIGNAL);
	}
}

/* True if there will be more to ask. */
static bool ask_about_all(void)
{
	struct round round = { .max = atomic_long_read(&klpx_nr_pending) };
	bool running;
	size_t i;

	round.tasks = kvmalloc_array(max(round.max, 1UL), sizeof(*round.tasks),
				     GFP_KERNEL);
	/* Without an answer the engine's own timing acts on them. */
	if (!round.tasks)
		return true;
	running = collect_blockers(&round);
	for (i = 0; i < round.n; i++) {
		ask_about(&round, round.tasks[i]);
		put_task_struct(round.tasks[i]);
		cond_resched();
	}
	kvfree(round.tasks);
	WRITE_ONCE(answered_ns, ktime_get_ns());
	return running;
}

static void policy_worker(struct work_struct *work)
{
	struct klpx_transition_info phase;

	while (take_phase(&phase))
		klpx_policy_phase(&phase);
	if (!klpx_policy_acts())
		return;
	if (ask_about_all())
		queue_delayed_work(policy_wq, &round_work,
				   msecs_to_jiffies(KLPX_POLICY_ROUND_MS));
}
