/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints of the engine (events/klpx in tracefs, tp_btf in BPF). They are
 * stable: arguments are only ever added, at the end.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM klpx

#if !defined(KLPX_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define KLPX_TRACE_H

#include <linux/sched.h>
#include <linux/tracepoint.h>

#include <klpx/abi.h>

TRACE_DEFINE_ENUM(KLPX_UNPATCHED);
TRACE_DEFINE_ENUM(KLPX_PATCHED);
TRACE_DEFINE_ENUM(KLPX_NOT_CHECKED);
TRACE_DEFINE_ENUM(KLPX_RUNNING);
TRACE_DEFINE_ENUM(KLPX_ON_FUNCTION);
TRACE_DEFINE_ENUM(KLPX_UNRELIABLE_STACK);
TRACE_DEFINE_ENUM(KLPX_IDLE);
TRACE_DEFINE_ENUM(KLPX_STOPPED);
TRACE_DEFINE_ENUM(KLPX_UNINTERRUPTIBLE);
TRACE_DEFINE_ENUM(KLPX_EXITING);
TRACE_DEFINE_ENUM(KLPX_HOW_ASLEEP);
TRACE_DEFINE_ENUM(KLPX_HOW_KERNEL_EXIT);
TRACE_DEFINE_ENUM(KLPX_HOW_CONTEXT_SWITCH);
TRACE_DEFINE_ENUM(KLPX_HOW_IDLE);
TRACE_DEFINE_ENUM(KLPX_HOW_EXITED);
TRACE_DEFINE_ENUM(KLPX_HOW_FORCED);

#define klpx_show_side(side) __print_symbolic(side,			\
	{ KLPX_UNPATCHED, "unpatched" }, { KLPX_PATCHED, "patched" })

#define klpx_show_reason(reason) __print_symbolic(reason,		\
	{ KLPX_NOT_CHECKED, "not-checked" },				\
	{ KLPX_RUNNING, "running" },					\
	{ KLPX_ON_FUNCTION, "on-function" },				\
	{ KLPX_UNRELIABLE_STACK, "unreliable-stack" },			\
	{ KLPX_IDLE, "idle" },						\
	{ KLPX_STOPPED, "stopped-or-traced" },				\
	{ KLPX_UNINTERRUPTIBLE, "uninterruptible" },			\
	{ KLPX_EXITING, "exiting" })

#define klpx_show_how(how) __print_symbolic(how,			\
	{ KLPX_HOW_ASLEEP, "asleep" },					\
	{ KLPX_HOW_KERNEL_EXIT, "kernel-exit" },			\
	{ KLPX_HOW_CONTEXT_SWITCH, "context-switch" },			\
	{ KLPX_HOW_IDLE, "idle" },					\
	{ KLPX_HOW_EXITED, "exited" },					\
	{ KLPX_HOW_FORCED, "forced" })

DECLARE_EVENT_CLASS(klpx_transition_tasks,
	TP_PROTO(const char *patch, int target, unsigned int tasks),
	TP_ARGS(patch, target, tasks),
	TP_STRUCT__entry(
		__string(patch, patch)
		__field(int, target)
		__field(unsigned int, tasks)
	),
	TP_fast_assign(
		__assign_str(patch);
		__entry->target = target;
		__entry->tasks = tasks;
	),
	TP_printk("patch=%s target=%s tasks=%u", __get_str(patch),
		  klpx_show_side(__entry->target), __entry->tasks)
);

/* A transition has started; @tasks have to be switched. */
DEFINE_EVENT(klpx_transition_tasks, klpx_transition_start,
	TP_PROTO(const char *patch, int target, unsigned int tasks),
	TP_ARGS(patch, target, tasks)
);

/* It has ended; @duration_ns since it started, reversals included. */
TRACE_EVENT(klpx_transition_complete,
	TP_PROTO(const char *patch, int target, u64 duration_ns),
	TP_ARGS(patch, target, duration_ns),
	TP_STRUCT__entry(
		__string(patch, patch)
		__field(int, target)
		__field(u64, duration_ns)
	),
	TP_fast_assign(
		__assign_str(patch);
		__entry->target = target;
		__entry->duration_ns = duration_ns;
	),
	TP_printk("patch=%s target=%s duration_ns=%llu", __get_str(patch),
		  klpx_show_side(__entry->target), __entry->duration_ns)
);

/* It has been reversed; @target is the new one. */
TRACE_EVENT(klpx_transition_reverse,
	TP_PROTO(const char *patch, int target),
	TP_ARGS(patch, target),
	TP_STRUCT__entry(
		__string(patch, patch)
		__field(int, target)
	),
	TP_fast_assign(
		__assign_str(patch);
		__entry->target = target;
	),
	TP_printk("patch=%s target=%s", __get_str(patch),
		  klpx_show_side(__entry->target))
);

/* @tasks are about to be switched unchecked. */
DEFINE_EVENT(klpx_transition_tasks, klpx_transition_force,
	TP_PROTO(const char *patch, int target, unsigned int tasks),
	TP_ARGS(patch, target, tasks)
);

DECLARE_EVENT_CLASS(klpx_task,
	TP_PROTO(struct task_struct *task, const struct klpx_task_info *info),
	TP_ARGS(task, info),
	TP_STRUCT__entry(
		__string(patch, info->patch)
		__string(function, info->function)
		__string(comm, info->comm)
		__field(u32, tid)
		__field(s32, idle_cpu)
		__field(int, reason)
		__field(u32, signals)
		__field(u64, age_ms)
	),
	TP_fast_assign(
		__assign_str(patch);
		__assign_str(function);
		__assign_str(comm);
		__entry->tid = info->key.tid;
		__entry->idle_cpu = info->key.idle_cpu;
		__entry->reason = info->reason;
		__entry->signals = info->signals;
		__entry->age_ms = info->age_ms;
	),
	TP_printk("patch=%s comm=%s tid=%u idle_cpu=%d reason=%s function=%s signals=%u age_ms=%llu",
		  __get_str(patch), __get_str(comm), __entry->tid,
		  __entry->idle_cpu, klpx_show_reason(__entry->reason),
		  __get_str(function), __entry->signals, __entry->age_ms)
);

/*
 * A pass left @task pending. Fired for every such task on every pass, at least
 * once a second: a reader that missed one sees the next. May-sleep context.
 */
DEFINE_EVENT(klpx_task, klpx_task_blocked,
	TP_PROTO(struct task_struct *task, const struct klpx_task_info *info),
	TP_ARGS(task, info)
);

/* A fake signal was sent to @task. May-sleep context. */
DEFINE_EVENT(klpx_task, klpx_signal_sent,
	TP_PROTO(struct task_struct *task, const struct klpx_task_info *info),
	TP_ARGS(task, info)
);

/*
 * A task that had been reported as blocked has been switched. Can come with a
 * run queue locked and interrupts off.
 */
TRACE_EVENT(klpx_task_switched,
	TP_PROTO(struct task_struct *task, const struct klpx_task_key *key,
		 int how, const char *patch),
	TP_ARGS(task, key, how, patch),
	TP_STRUCT__entry(
		__string(patch, patch)
		__string(comm, task->comm)
		__field(u32, tid)
		__field(s32, idle_cpu)
		__field(int, how)
	),
	TP_fast_assign(
		__assign_str(patch);
		__assign_str(comm);
		__entry->tid = key->tid;
		__entry->idle_cpu = key->idle_cpu;
		__entry->how = how;
	),
	TP_printk("patch=%s comm=%s tid=%u idle_cpu=%d how=%s",
		  __get_str(patch), __get_str(comm), __entry->tid,
		  __entry->idle_cpu, klpx_show_how(__entry->how))
);

#endif /* KLPX_TRACE_H */

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
