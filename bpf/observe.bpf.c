// SPDX-License-Identifier: GPL-2.0
/*
 * Which tasks block the running transition? Keeps the map task_state up to
 * date. Decides nothing; takes the reason from the engine, never from the task.
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

	/*
	 * Entries of the kernel's own engine are kept up to date by the process
	 * that observes that engine.
	 */
	if (info->engine == KLPX_ENGINE_KLPX)
		bpf_map_delete_elem(map, key);
	return 0;
}

/*
 * Entries about an earlier target side are no longer valid. The engine reports
 * every blocked task again on each pass, so deleting too much does no harm.
 */
static __always_inline void forget_all(void)
{
	bpf_for_each_map_elem(&task_state, forget_one, NULL, 0);
}

/* The engine has begun, reversed or ended a transition. */
static __always_inline int note_transition(void)
{
	forget_all();
	count(KLPX_COUNT_EVENTS);
	return 0;
}

/* A report of the engine about a task: copied and counted. False: it is lost. */
static __always_inline bool take_report(void *to, u32 size, const void *report)
{
	if (bpf_probe_read_kernel(to, size, report)) {
		count(KLPX_COUNT_READ_FAILED);
		return false;
	}
	count(KLPX_COUNT_EVENTS);
	return true;
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
 * The engine's tracepoints, since klpx.ko ABI 1. All of them are required:
 * without any one of them the map would be wrong.
 * tp_btf: typed arguments, and no trampoline on any function.
 */
SEC("tp_btf/klpx_transition_start")
int BPF_PROG(on_transition_start, const char *patch, int target,
	     unsigned int tasks)
{
	return note_transition();
}

SEC("tp_btf/klpx_transition_complete")
int BPF_PROG(on_transition_complete, const char *patch, int target,
	     u64 duration_ns)
{
	return note_transition();
}

/* The tasks that blocked are on the new target side already. */
SEC("tp_btf/klpx_transition_reverse")
int BPF_PROG(on_transition_reverse, const char *patch, int target)
{
	return note_transition();
}

/*
 * Called for every blocked task on every pass. Another CPU may switch the task
 * between the engine's check and our update. Then on_task_switched() ran too
 * early to delete the entry, so check again after the update.
 */
SEC("tp_btf/klpx_task_blocked")
int BPF_PROG(on_task_blocked, struct task_struct *task,
	     const struct klpx_task_info *blocked)
{
	struct klpx_task_info info;
	struct klpx_task_key key;

	if (!take_report(&info, sizeof(info), blocked))
		return 0;
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

	if (!take_report(&key, sizeof(key), switched))
		return 0;
	if (bpf_map_delete_elem(&task_state, &key) &&
	    bpf_map_lookup_elem(&task_state, &key))
		count(KLPX_COUNT_STATE_LOST);
	return 0;
}

/* A task that is not in the map was not seen blocking: it is not added here. */
SEC("tp_btf/klpx_signal_sent")
int BPF_PROG(on_signal_sent, struct task_struct *task,
	     const struct klpx_task_info *signalled)
{
	struct klpx_task_info info;
	struct klpx_task_key key;
	long error;

	if (!take_report(&info, sizeof(info), signalled))
		return 0;
	key = info.key;
	error = bpf_map_update_elem(&task_state, &key, &info, BPF_EXIST);
	if (error && error != -ENOENT)
		count(KLPX_COUNT_STATE_LOST);
	return 0;
}
