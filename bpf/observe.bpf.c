// SPDX-License-Identifier: GPL-2.0
/*
 * Which tasks hold up the running transition, and what happened since?
 * Keeps the map task_state true and writes each change to klp_events.
 * Decides nothing; asks the engine, never a task, for the reason.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <klpx/abi.h>
#include "klpx.bpf.h"
#include "compat.bpf.h"
#include "task_state.bpf.h"

#define EVENTS_BYTES	(4 * 1024 * 1024) /* 13,000 events */

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, EVENTS_BYTES);
} klp_events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, KLPX_COUNTERS);
	__type(key, u32);
	__type(value, u64);
} klp_counters SEC(".maps");

/* Written by the listener on each poll. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct klpx_listener);
} klp_listener SEC(".maps");

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

static __always_inline bool is_listened_to(u64 now_ns)
{
	u32 zero = 0;
	struct klpx_listener *listener;

	listener = bpf_map_lookup_elem(&klp_listener, &zero);
	return listener && now_ns < *(volatile u64 *)&listener->until_ns;
}

/* A zeroed record; NULL if nobody listens, or none is free: then it is lost. */
static __always_inline struct klpx_event *event_new(enum klpx_event_type type)
{
	u64 now_ns = bpf_ktime_get_ns();
	struct klpx_event *event;

	if (!is_listened_to(now_ns))
		return NULL;
	event = bpf_ringbuf_reserve(&klp_events, sizeof(*event), 0);
	if (!event) {
		count(KLPX_COUNT_EVENTS_LOST);
		return NULL;
	}
	__builtin_memset(event, 0, sizeof(*event));
	event->type = type;
	event->time_ns = now_ns;
	event->task.key.idle_cpu = -1;
	return event;
}

static __always_inline void event_send(struct klpx_event *event)
{
	count(KLPX_COUNT_EVENTS);
	bpf_ringbuf_submit(event, 0);
}

static __always_inline void emit_task(enum klpx_event_type type,
				      const struct klpx_task_info *info)
{
	struct klpx_event *event = event_new(type);

	if (!event)
		return;
	event->task = *info;
	event_send(event);
}

static __always_inline void emit_patch(enum klpx_event_type type,
				       const char *patch, int target,
				       u64 tasks, u64 duration_ns)
{
	struct klpx_event *event = event_new(type);

	if (!event)
		return;
	if (bpf_probe_read_kernel_str(event->task.patch,
				      sizeof(event->task.patch), patch) < 0)
		count(KLPX_COUNT_READ_FAILED);
	event->task.target = target;
	event->count = tasks;
	event->duration_ns = duration_ns;
	event_send(event);
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
 * The engine's tracepoints, since klpx.ko ABI 1; all of them are required:
 * without one the map or the events would be wrong.
 * tp_btf: typed arguments, no trampoline on any function.
 */
SEC("tp_btf/klpx_transition_start")
int BPF_PROG(on_transition_start, const char *patch, int target,
	     unsigned int tasks)
{
	forget_all();
	emit_patch(KLPX_EVENT_START, patch, target, tasks, 0);
	return 0;
}

SEC("tp_btf/klpx_transition_complete")
int BPF_PROG(on_transition_complete, const char *patch, int target,
	     u64 duration_ns)
{
	forget_all();
	emit_patch(KLPX_EVENT_COMPLETE, patch, target, 0, duration_ns);
	return 0;
}

/* Who blocked is on the target side now. */
SEC("tp_btf/klpx_transition_reverse")
int BPF_PROG(on_transition_reverse, const char *patch, int target)
{
	forget_all();
	emit_patch(KLPX_EVENT_REVERSE, patch, target, 0, 0);
	return 0;
}

SEC("tp_btf/klpx_transition_force")
int BPF_PROG(on_transition_force, const char *patch, int target,
	     unsigned int tasks)
{
	emit_patch(KLPX_EVENT_FORCE, patch, target, tasks, 0);
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
	const struct klpx_task_info *old;
	struct klpx_task_info info;
	struct klpx_task_key key;
	bool changed;

	if (bpf_probe_read_kernel(&info, sizeof(info), blocked)) {
		count(KLPX_COUNT_READ_FAILED);
		return 0;
	}
	key = info.key;
	old = bpf_map_lookup_elem(&task_state, &key);
	changed = !old || old->reason != info.reason;
	if (bpf_map_update_elem(&task_state, &key, &info, BPF_ANY))
		count(KLPX_COUNT_STATE_LOST);
	if (!is_pending(task, &info)) {
		bpf_map_delete_elem(&task_state, &key);
		return 0;
	}
	if (changed)
		emit_task(KLPX_EVENT_BLOCKED, &info);
	return 0;
}

/* May run under the run queue's lock with interrupts off. */
SEC("tp_btf/klpx_task_switched")
int BPF_PROG(on_task_switched, struct task_struct *task,
	     const struct klpx_task_key *switched, int how, const char *patch)
{
	const struct klpx_task_info *info;
	struct klpx_task_key key;
	struct klpx_event *event;

	if (bpf_probe_read_kernel(&key, sizeof(key), switched)) {
		count(KLPX_COUNT_READ_FAILED);
		return 0;
	}
	info = bpf_map_lookup_elem(&task_state, &key);
	if (!info)
		return 0;
	event = event_new(KLPX_EVENT_SWITCHED);
	if (event) {
		event->task = *info;
		event->how = how;
		event->duration_ns = event->time_ns - info->since_ns;
		event_send(event);
	}
	if (bpf_map_delete_elem(&task_state, &key) &&
	    bpf_map_lookup_elem(&task_state, &key))
		count(KLPX_COUNT_STATE_LOST);
	return 0;
}

/* A task not in the map has not been seen blocking: then only the event. */
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
	key = info.key;
	error = bpf_map_update_elem(&task_state, &key, &info, BPF_EXIST);
	if (error && error != -ENOENT)
		count(KLPX_COUNT_STATE_LOST);
	emit_task(KLPX_EVENT_SIGNAL, &info);
	return 0;
}
