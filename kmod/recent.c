// SPDX-License-Identifier: GPL-2.0
/*
 * The last transitions. started_ns, which a reversal does not change, tells
 * the transitions of one boot apart.
 */
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "recent.h"

/* A line is at most 200 bytes long: all of them fit into a page. */
#define RECENT_TRANSITIONS	16

struct recent {
	u64 started_ns;
	u64 ended_ns;			/* 0 while it runs */
	char patch[KLPX_PATCH_NAME_LEN];
	enum klpx_side target;		/* now; it started for the other side */
	unsigned long reversals;	/* if their number is odd */
	unsigned long tasks;
	unsigned long signals;
	unsigned long forced;
};

/* Guards what is below against readers; writers hold klpx_mutex too. */
static DEFINE_SPINLOCK(recent_lock);
static struct recent recent[RECENT_TRANSITIONS];
static unsigned long nr_started;

static struct recent *latest(void)
{
	lockdep_assert_held(&recent_lock);
	return &recent[(nr_started - 1) % RECENT_TRANSITIONS];
}

void klpx_recent_start(const struct klpx_lpatch *patch)
{
	struct recent *entry;

	spin_lock(&recent_lock);
	nr_started++;
	entry = latest();
	memset(entry, 0, sizeof(*entry));
	entry->started_ns = patch->started_ns;
	strscpy(entry->patch, patch->name, sizeof(entry->patch));
	entry->target = patch->target;
	entry->tasks = patch->tasks;
	spin_unlock(&recent_lock);
}

void klpx_recent_reverse(const struct klpx_lpatch *patch)
{
	spin_lock(&recent_lock);
	latest()->target = patch->target;
	latest()->reversals++;
	spin_unlock(&recent_lock);
}

void klpx_recent_signal(void)
{
	spin_lock(&recent_lock);
	latest()->signals++;
	spin_unlock(&recent_lock);
}

void klpx_recent_force(unsigned long tasks)
{
	spin_lock(&recent_lock);
	latest()->forced += tasks;
	spin_unlock(&recent_lock);
}

void klpx_recent_complete(const struct klpx_lpatch *patch)
{
	spin_lock(&recent_lock);
	latest()->ended_ns = patch->ended_ns;
	spin_unlock(&recent_lock);
}

int klpx_recent_show(char *buf)
{
	unsigned long i = 0;
	int at = 0;

	spin_lock(&recent_lock);
	if (nr_started > RECENT_TRANSITIONS)
		i = nr_started - RECENT_TRANSITIONS;
	for (; i < nr_started; i++) {
		const struct recent *entry = &recent[i % RECENT_TRANSITIONS];

		at += sysfs_emit_at(buf, at, "%llu %llu %s %s %lu %lu %lu %lu\n",
				    entry->started_ns, entry->ended_ns,
				    entry->patch,
				    entry->target == KLPX_PATCHED ?
				    "patched" : "unpatched",
				    entry->reversals, entry->tasks,
				    entry->signals, entry->forced);
	}
	spin_unlock(&recent_lock);
	return at;
}
