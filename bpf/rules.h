/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rules of klpx's own policy, and what they decide about a task. The
 * controller makes them from policy.toml, and policy.bpf.c reads them. The
 * functions are pure, time is a parameter, and unit tests run them in user
 * space.
 *
 * The first rule that matches a task decides. Its steps are in the order of
 * their .after_ms; the last step whose time has come applies.
 */
#ifndef KLPX_BPF_RULES_H
#define KLPX_BPF_RULES_H

#include <klpx/abi.h>

#ifdef __cplusplus
#define KLPX_RULES_INLINE inline
#else
#define KLPX_RULES_INLINE static __attribute__((always_inline)) inline
#endif

#define KLPX_RULES_MAX	256
#define KLPX_STEPS_MAX	4
/* Levels of the hierarchy searched for a rule's cgroup, from the root down. */
#define KLPX_CGROUP_LEVELS_MAX	32

/* Kinds of tasks, as bits. */
#define KLPX_CLASS_USER		(1U << 0)
#define KLPX_CLASS_KTHREAD	(1U << 1)
#define KLPX_CLASS_IO_WORKER	(1U << 2)
#define KLPX_CLASS_ALL		7U
#define KLPX_REASON_ALL		0xffU	/* a bit for each enum klpx_reason */

/* Matches a whole name, or its beginning. */
struct klpx_pattern {
	__u32 length;		/* of text; 0 and a prefix: any name */
	__u32 is_prefix;
	char text[KLPX_PATCH_NAME_LEN];
};

struct klpx_step {
	__u64 after_ms;		/* the task has blocked for that long */
	__u64 every_ms;		/* interval of repetitions; 0: once */
	__u32 at_most;		/* how many times; 0: no limit */
	__u32 push;		/* enum klpx_push */
};

/* A rule matches a task if all of its conditions do. */
struct klpx_rule {
	__u64 cgroup;		/* id: matches tasks in or below it; 0: any */
	__u32 classes;		/* KLPX_CLASS_* */
	__u32 reasons;		/* 1 << enum klpx_reason */
	__u32 uid_first, uid_last;
	struct klpx_pattern comm;
	struct klpx_pattern patch;
	__u32 steps;		/* number of steps; 0: leave the task alone */
	__u32 index;		/* of the rule in the file, for reports */
	struct klpx_step step[KLPX_STEPS_MAX];
};

/*
 * The rows of klp_rules that are in force, in order. Both members are in one
 * word: the controller switches to other rows with a single store, and
 * klp_push() in policy.bpf.c reads them with a single load. So it never sees
 * the start of one set with the length of the other.
 */
struct klpx_rule_set {
	union {
		__u64 word;
		struct {
			__u32 first;	/* 0 or KLPX_RULES_MAX */
			__u32 count;
		};
	};
};

/* What was done about a task so far. */
struct klpx_pushed {
	__u64 since_ns;		/* klpx_task_info.since_ns at that time */
	__u64 last_ms;		/* klpx_task_info.age_ms at the last push */
	__u32 rule;		/* the row that decided the last push */
	__u32 step;
	__u32 times;		/* pushes in this step */
	__u32 pad;
};

KLPX_RULES_INLINE bool klpx_pattern_fits(const struct klpx_pattern *pattern,
					 const char *name, __u32 room)
{
	__u32 i;

	for (i = 0; i < room && i < KLPX_PATCH_NAME_LEN; i++) {
		if (i >= pattern->length)
			return pattern->is_prefix || !name[i];
		if (name[i] != pattern->text[i])
			return false;
	}
	return true;
}

KLPX_RULES_INLINE __u32 klpx_class_of(const struct klpx_task_info *info)
{
	return info->io_worker ? KLPX_CLASS_IO_WORKER :
	       info->kthread   ? KLPX_CLASS_KTHREAD :
				 KLPX_CLASS_USER;
}

/* Checks all conditions except the cgroup, which only the kernel knows. */
KLPX_RULES_INLINE bool klpx_rule_fits(const struct klpx_rule *rule,
				      const struct klpx_task_info *info,
				      __u32 uid)
{
	return (rule->classes & klpx_class_of(info)) &&
	       (rule->reasons & (1U << (info->reason & 7))) &&
	       uid >= rule->uid_first && uid <= rule->uid_last &&
	       klpx_pattern_fits(&rule->comm, info->comm, KLPX_COMM_LEN) &&
	       klpx_pattern_fits(&rule->patch, info->patch,
				 KLPX_PATCH_NAME_LEN);
}

/* The index of the last step whose time has come, or -1. */
KLPX_RULES_INLINE int klpx_step_now(const struct klpx_rule *rule, __u64 age_ms)
{
	int now = -1;
	__u32 i;

	for (i = 0; i < KLPX_STEPS_MAX; i++)
		if (i < rule->steps && age_ms >= rule->step[i].after_ms)
			now = i;
	return now;
}

/*
 * Decides what to do now about a task that @row of the rules matches. @pushed
 * is what was done about it before, zeroed if nothing was; it is updated.
 */
KLPX_RULES_INLINE enum klpx_push
klpx_rule_push(const struct klpx_rule *rule, __u32 row,
	       const struct klpx_task_info *info, struct klpx_pushed *pushed)
{
	__u64 age_ms = info->age_ms;
	const struct klpx_step *step;
	int now;

	if (!rule->steps)
		return KLPX_PUSH_LEAVE;
	now = klpx_step_now(rule, age_ms);
	if (now < 0)
		return KLPX_PUSH_WAIT;
	step = &rule->step[now & (KLPX_STEPS_MAX - 1)];
	if (step->push != KLPX_PUSH_KICK && step->push != KLPX_PUSH_SIGNAL)
		return (enum klpx_push)step->push;
	if (pushed->since_ns != info->since_ns || pushed->rule != row ||
	    pushed->step != (__u32)now)
		pushed->times = 0;
	if (pushed->times &&
	    (!step->every_ms || age_ms < pushed->last_ms + step->every_ms ||
	     (step->at_most && pushed->times >= step->at_most)))
		return KLPX_PUSH_WAIT;
	pushed->since_ns = info->since_ns;
	pushed->rule = row;
	pushed->step = now;
	pushed->last_ms = age_ms;
	pushed->times++;
	return (enum klpx_push)step->push;
}

#endif /* KLPX_BPF_RULES_H */
