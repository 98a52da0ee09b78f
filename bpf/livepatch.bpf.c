// SPDX-License-Identifier: GPL-2.0
/*
 * Which tasks has the kernel's own livepatch not switched yet, and what is on
 * their stacks? Reports facts only, on request; needs nothing of klpx.ko,
 * attaches to nothing, and slows nothing down in between.
 *
 * The kernel has no interface for this. Its variables are found by name, its
 * structures by their types (CO-RE), and both are read without its locks. Data
 * read while a transition begins or ends may therefore be inconsistent: the
 * reader reads the transition before and after, and retries if they differ.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "livepatch.h"
#include "klpx.bpf.h"
#include "compat.bpf.h"
#include "stack_words.bpf.h"
#include "task_flags.bpf.h"
#include "task_state.bpf.h"

#define OBJECTS_MAX		1024

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, KLPX_LP_FUNCTIONS);
	__type(key, u32);
	__type(value, struct klpx_lp_function);
} lp_functions SEC(".maps");

/* Written by read_transition(), read by the emit_pending() that follows. */
int lp_target = -1;

/* Only one process uses them: the one that has loaded this object. */
static struct klpx_lp_task found;
static u64 address[KLPX_LP_FRAMES];
static u64 word[KLPX_LP_WORDS];

/* Members of the kernel's types that exist with CONFIG_LIVEPATCH only. */
struct task_struct___lp {
	int patch_state;
} __attribute__((preserve_access_index));

static const char name_patch[] = "klp_transition_patch";
static const char name_target[] = "klp_target_state";
static const char name_start[] = "__sched_text_start";
static const char name_end[] = "__sched_text_end";

/* bpf_kallsyms_lookup_name: syscall programs only, since 5.16. Required. */
static __always_inline long read_symbol(const char *name, int size, void *to,
					u32 bytes)
{
	u64 where = 0;
	long error = bpf_kallsyms_lookup_name(name, size, 0, &where);

	return error ? error : bpf_probe_read_kernel(to, bytes, (void *)where);
}

static __always_inline void add_function(struct klpx_lp_transition *transition,
					 void *start, u64 size, char *name)
{
	struct klpx_lp_function *row;
	u32 index = transition->functions;

	if (!start || !size)
		return;
	row = bpf_map_lookup_elem(&lp_functions, &index);
	if (!row) {
		transition->dropped++;
		return;
	}
	row->start = (u64)start;
	row->size = size;
	row->name[0] = '\0';
	bpf_probe_read_kernel_str(row->name, sizeof(row->name), name);
	transition->functions = index + 1;
}

/*
 * Adds the function that klp_check_stack_func() looks for. When a patch is
 * being disabled, that is its new function. When it is being enabled, it is
 * the previous version: the next one in the function's stack, or the original
 * if there is no other.
 *
 * Global, so that the verifier checks it once and separately: inside of two
 * loops the verifier of 7.3 finds it too complex.
 */
__noinline int read_function(struct klpx_lp_transition *transition, u64 where)
{
	struct klp_func *func = (void *)where;
	char *name = (char *)BPF_CORE_READ(func, old_name);
	struct list_head *next = BPF_CORE_READ(func, stack_node.next);
	struct list_head *prev = BPF_CORE_READ(func, stack_node.prev);
	struct klp_func *below = func;

	if (!transition)
		return 0;
	if (transition->target == KLPX_PATCHED && next == prev) {
		add_function(transition, BPF_CORE_READ(func, old_func),
			     BPF_CORE_READ(func, old_size), name);
		return 0;
	}
	if (transition->target == KLPX_PATCHED)
		below = (void *)next -
			bpf_core_field_offset(struct klp_func, stack_node);
	add_function(transition, BPF_CORE_READ(below, new_func),
		     BPF_CORE_READ(below, new_size), name);
	return 0;
}

static __always_inline void read_object(struct klpx_lp_transition *transition,
					struct klp_object *object)
{
	void *head = (void *)object +
		     bpf_core_field_offset(struct klp_object, func_list);
	void *node = BPF_CORE_READ(object, func_list.next);
	int i;

	if (!BPF_CORE_READ(object, patched))
		return;
	bpf_for(i, 0, KLPX_LP_FUNCTIONS) {
		if (!node || node == head)
			break;
		node -= bpf_core_field_offset(struct klp_func, node);
		read_function(transition, (u64)node);
		node = BPF_CORE_READ((struct klp_func *)node, node.next);
	}
}

/* syscall: since 5.14. Required. */
SEC("syscall")
int read_transition(struct klpx_lp_transition *context)
{
	struct klpx_lp_transition transition = { .target = -1 };
	struct klp_patch *patch = NULL;
	void *head, *node;
	int i;

	lp_target = -1;
	transition.error = read_symbol(name_target, sizeof(name_target),
				       &transition.target,
				       sizeof(transition.target));
	if (!transition.error)
		transition.error = read_symbol(name_patch, sizeof(name_patch),
					       &patch, sizeof(patch));
	if (transition.error || !patch)
		transition.target = -1;
	if (transition.target < 0)
		goto out;
	bpf_probe_read_kernel_str(transition.patch, sizeof(transition.patch),
				  BPF_CORE_READ(patch, mod, name));
	head = (void *)patch + bpf_core_field_offset(struct klp_patch, obj_list);
	node = BPF_CORE_READ(patch, obj_list.next);
	bpf_for(i, 0, OBJECTS_MAX) {
		if (!node || node == head)
			break;
		node -= bpf_core_field_offset(struct klp_object, node);
		read_object(&transition, node);
		node = BPF_CORE_READ((struct klp_object *)node, node.next);
	}
	bpf_kallsyms_lookup_name(name_start, sizeof(name_start), 0,
				 &transition.sched_start);
	bpf_kallsyms_lookup_name(name_end, sizeof(name_end), 0,
				 &transition.sched_end);
	lp_target = transition.target;
out:
	*context = transition;
	return 0;
}

static __always_inline void describe(struct klpx_lp_task *to,
				     struct task_struct *task)
{
	u32 flags = BPF_CORE_READ(task, flags);

	to->key.tid = BPF_CORE_READ(task, pid);
	to->key.start_ns = BPF_CORE_READ(task, start_boottime);
	to->pid = BPF_CORE_READ(task, tgid);
	to->cpu = BPF_CORE_READ(task, thread_info.cpu);
	to->task_state = BPF_CORE_READ(task, __state);
	to->kthread = flags & FLAG_KTHREAD;
	to->io_worker = flags & FLAGS_WORKER;
	to->exiting = flags & FLAG_EXITING;
	to->on_cpu = klpx_on_cpu(task);
	bpf_probe_read_kernel_str(to->comm, sizeof(to->comm), task->comm);
}

static __always_inline s32 side_of(struct task_struct *task)
{
	return BPF_CORE_READ((struct task_struct___lp *)task, patch_state);
}

/*
 * iter/task: since 5.8; threads too, but no idle tasks. Required. A record is
 * followed by its frames only: with 20,000 tasks, records with room for the
 * deepest stack would be far too large.
 */
SEC("iter/task")
int emit_pending(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct seq_file *seq = ctx->meta->seq;
	u32 size = 0;
	long bytes;

	if (!task || lp_target < 0 || side_of(task) != !lp_target)
		return 0;
	describe(&found, task);
	found.key.idle_cpu = -1;
	bytes = bpf_get_task_stack(task, address, sizeof(address), 0);
	if (bytes < 0 || bytes > sizeof(address))
		bytes = 0;
	found.frames = bytes / sizeof(address[0]);
	if (bytes > 0)
		size = klpx_copy_words(task, word, sizeof(word));
	found.words = size / sizeof(word[0]);
	bpf_seq_write(seq, &found, sizeof(found));
	if (bytes > 0)
		bpf_seq_write(seq, address, bytes);
	if (size > 0 && size <= sizeof(word))
		bpf_seq_write(seq, word, size & ~7u);
	return 0;
}

/* v6.15: per-CPU variables may be missing from a kernel's BTF. */
extern const struct rq runqueues __ksym __weak;

/* Idle tasks are in no list: they are found through their CPU's run queue. */
SEC("syscall")
int read_idle(struct klpx_lp_idle *context)
{
	struct klpx_lp_idle idle = { .cpu = context->cpu };
	struct task_struct *task;
	struct rq *rq;

	idle.side = KLPX_LP_UNKNOWN;
	if (!&runqueues)
		goto out;
	idle.side = KLPX_LP_NO_CPU;
	rq = (struct rq *)bpf_per_cpu_ptr(&runqueues, idle.cpu);
	if (!rq)
		goto out;
	task = BPF_CORE_READ(rq, idle);
	if (!task)
		goto out;
	idle.side = side_of(task);
	idle.task.key.idle_cpu = idle.cpu;
	idle.task.cpu = idle.cpu;
	idle.task.key.start_ns = BPF_CORE_READ(task, start_boottime);
	idle.task.task_state = BPF_CORE_READ(task, __state);
	idle.task.on_cpu = klpx_on_cpu(task);
	idle.task.kthread = true;
	bpf_probe_read_kernel_str(idle.task.comm, sizeof(idle.task.comm),
				  (void *)task +
				  bpf_core_field_offset(struct task_struct,
							comm));
out:
	*context = idle;
	return 0;
}
