// SPDX-License-Identifier: GPL-2.0
/*
 * Which tasks hold up the running transition? Keeps the map task_state true.
 * Decides nothing; asks the engine, never a task, for the reason.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <klpx/abi.h>
#include "klpx.bpf.h"
#include "compat.bpf.h"
#include "task_state.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, KLPX_COUNTERS);
	__type(key, u32);
	__type(value, u64);
} klp_counters SEC(".maps");

/* Written and pinned last by the loader; no program here reads it. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct klpx_layout);
} klp_layout SEC(".maps");

static __always_inline void count(enum klpx_counter counter)
{
	u32 index = counter;
	u64 *value = bpf_map_lookup_elem(&klp_counters, &index);

	if (value)
		__sync_fetch_and_add(value, 1);
}

static long forget_one(struct bpf_map *map, const void *key, void *value,
		       void *context)
{
	const struct klpx_task_info *info = value;

	/* Of the kernel's own engine: who looks at that keeps them true. */
	if (info->engine == KLPX_ENGINE_KLPX)
		bpf_map_delete_elem(map, key);
	return 0;
}

/*
 * Nothing said about an earlier side holds any more. The engine reports every
 * blocked task again on each pass, so forgetting too much repairs itself.
 */
static __always_inline void forget_all(void)
{
	bpf_for_each_map_elem(&task_state, forget_one, NULL, 0);
}

/* v6.12: cb4158ce8ec8 ("bpf: Mark raw_tp arguments with PTR_MAYBE_NULL"). */
static __always_inline bool is_pending(struct task_struct *task,
				       struct klpx_task_info *scratch)
{
	if (!klpx_ask_engine || !task || !klpx_task_verdict)
		return true;
	return klpx_task_verdict(task, scratch, sizeof(*scratch)) != -ENOENT;
}

/*
 * The engine's tracepoints, since klpx.ko ABI 1; all of these are required:
 * without one the map would be wrong.
 * tp_btf: typed arguments, no trampoline on any function.
 */
SEC("tp_btf/klpx_transition_start")
int BPF_PROG(on_transition_start, const char *patch, int target,
	     unsigned int tasks)
{
	forget_all();
	count(KLPX_COUNT_EVENTS);
	return 0;
}

SEC("tp_btf/klpx_transition_complete")
int BPF_PROG(on_transition_complete, const char *patch, int target,
	     u64 duration_ns)
{
	forget_all();
	count(KLPX_COUNT_EVENTS);
	return 0;
}

/* Who blocked is on the target side now. */
SEC("tp_btf/klpx_transition_reverse")
int BPF_PROG(on_transition_reverse, const char *patch, int target)
{
	forget_all();
	count(KLPX_COUNT_EVENTS);
	return 0;
}

/*
 * Comes for every blocked task on every pass. The task may be switched by
 * another CPU between the engine's look and our update, in which case
 * on_task_switched ran too early to delete the entry: hence the second look.
 */
SEC("tp_btf/klpx_task_blocked")
int BPF_PROG(on_task_blocked, struct task_struct *task,
	     const struct klpx_task_info *blocked)
{
	struct klpx_task_info info;
	struct klpx_task_key key;

	if (bpf_probe_read_kernel(&info, sizeof(info), blocked)) {
		count(KLPX_COUNT_READ_FAILED);
		return 0;
	}
	count(KLPX_COUNT_EVENTS);
	key = info.key;
	if (bpf_map_update_elem(&task_state, &key, &info, BPF_ANY))
		count(KLPX_COUNT_STATE_LOST);
	if (!is_pending(task, &info))
		bpf_map_delete_elem(&task_state, &key);
	return 0;
}

/* May run under the run queue's lock with interrupts off. */
SEC("tp_btf/klpx_task_switched")
int BPF_PROG(on_task_switched, struct task_struct *task,
	     const struct klpx_task_key *switched, int how, const char *patch)
{
	struct klpx_task_key key;

	if (bpf_probe_read_kernel(&key, sizeof(key), switched)) {
		count(KLPX_COUNT_READ_FAILED);
		return 0;
	}
	count(KLPX_COUNT_EVENTS);
	if (bpf_map_delete_elem(&task_state, &key) &&
	    bpf_map_lookup_elem(&task_state, &key))
		count(KLPX_COUNT_STATE_LOST);
	return 0;
}

/* A task not in the map has not been seen blocking, and stays out of it. */
SEC("tp_btf/klpx_signal_sent")
int BPF_PROG(on_signal_sent, struct task_struct *task,
	     const struct klpx_task_info *signalled)
{
	struct klpx_task_info info;
	struct klpx_task_key key;
	long error;

	if (bpf_probe_read_kernel(&info, sizeof(info), signalled)) {
		count(KLPX_COUNT_READ_FAILED);
		return 0;
	}
	count(KLPX_COUNT_EVENTS);
	key = info.key;
	error = bpf_map_update_elem(&task_state, &key, &info, BPF_EXIST);
	if (error && error != -ENOENT)
		count(KLPX_COUNT_STATE_LOST);
	return 0;
}
