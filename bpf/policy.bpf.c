// SPDX-License-Identifier: GPL-2.0
/*
 * What do the rules of policy.toml say to do about a blocking task? The
 * controller writes the rules into the map klp_rules, and may change them while
 * a transition runs.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <klpx/policy.h>
#include "rules.h"

char LICENSE[] SEC("license") = "GPL";

/*
 * Two sets of rows: klp_rule_set says which one is in force. The controller
 * writes the other one, and then switches to it with a single store (TurnTo()
 * in controller/sys/bpf/bpf_policy.cc). It maps klp_rule_set for that: an
 * update by the system call is a memcpy(), of which a reader may see a half.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2 * KLPX_RULES_MAX);
	__type(key, u32);
	__type(value, struct klpx_rule);
} klp_rules SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct klpx_rule_set);
} klp_rule_set SEC(".maps");

/*
 * What was done about each task. If the map is full, the least recently used
 * entry is dropped: its task is treated like a new one then.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct klpx_task_key);
	__type(value, struct klpx_pushed);
} klp_pushed SEC(".maps");

/* Is @id the cgroup (v2) of the task, or one above it? */
static __always_inline bool is_in_cgroup(struct task_struct *task, u64 id)
{
	struct cgroup *cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp);
	int level = BPF_CORE_READ(cgroup, level);
	int i;

	for (i = 0; i < KLPX_CGROUP_LEVELS_MAX; i++) {
		struct cgroup *ancestor;

		if (i > level)
			return false;
		ancestor = BPF_CORE_READ(cgroup, ancestors[i]);
		if (BPF_CORE_READ(ancestor, kn, id) == id)
			return true;
	}
	return false;
}

struct search {
	struct klpx_task_info info;
	struct task_struct *task;
	u32 uid;
	u32 first;
	int push;
};

static __always_inline int push_by(const struct klpx_rule *rule, u32 row,
				   const struct klpx_task_info *info)
{
	struct klpx_pushed *known, pushed = {};
	struct klpx_task_key key = info->key;
	int push;

	known = bpf_map_lookup_elem(&klp_pushed, &key);
	if (known)
		pushed = *known;
	push = klpx_rule_push(rule, row, info, &pushed);
	if (push == KLPX_PUSH_KICK || push == KLPX_PUSH_SIGNAL)
		bpf_map_update_elem(&klp_pushed, &key, &pushed, BPF_ANY);
	return push;
}

/* Called for each row in order; returning 1 ends the search. */
static long look_at_row(u64 index, void *context)
{
	struct search *search = context;
	u32 row = search->first + index;
	const struct klpx_rule *rule;

	rule = bpf_map_lookup_elem(&klp_rules, &row);
	if (!rule)
		return 1;
	if (!klpx_rule_fits(rule, &search->info, search->uid))
		return 0;
	if (rule->cgroup && !is_in_cgroup(search->task, rule->cgroup))
		return 0;
	search->push = push_by(rule, row, &search->info);
	return 1;
}

SEC("struct_ops/push")
int BPF_PROG(klp_push, const struct klpx_task_info *info,
	     struct task_struct *task)
{
	struct search search = {
		.task = task,
		.push = KLPX_PUSH_DEFAULT,
	};
	const struct klpx_rule_set *set;
	struct klpx_rule_set now;
	u32 zero = 0;

	set = bpf_map_lookup_elem(&klp_rule_set, &zero);
	if (!set)
		return KLPX_PUSH_DEFAULT;
	/* A single load; pairs with the single store in TurnTo(). */
	now.word = *(const volatile u64 *)&set->word;
	bpf_core_read(&search.info, sizeof(search.info), info);
	search.uid = BPF_CORE_READ(task, cred, uid.val);
	search.first = now.first;
	bpf_loop(now.count, look_at_row, &search, 0);
	return search.push;
}

SEC(".struct_ops.link")
struct klpx_policy klp_policy = {
	.push = (void *)klp_push,
	.name = "klpx",
};
