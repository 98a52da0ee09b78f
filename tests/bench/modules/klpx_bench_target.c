// SPDX-License-Identifier: GPL-2.0
/*
 * A thousand functions to patch, and measurements of their calls. A read of
 * /proc/klpx_bench/call times calls of function 000 with interrupts off and
 * returns "CYCLES_OF_A_CALL PICOSECONDS_OF_A_CALL VALUE_RETURNED".
 *
 * A read of /proc/klpx_bench/hold does the same from inside klpx_bench_hold(),
 * after a sleep that a write to that file ends, but no signal. If that function
 * is patched meanwhile, the task is still pending when it measures.
 *
 * A read of /proc/klpx_bench/nap sleeps in klpx_bench_nap() until a signal.
 */

#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/timex.h>
#include <linux/wait.h>

#include "functions.h"

#define CALLS 1000UL
#define TRIES 8
#define PICO_OF_NANO 1000UL

#define BENCH_ONE(number)                                      \
	unsigned long klpx_bench_##number(void);               \
	BENCH_FUNCTION unsigned long klpx_bench_##number(void) \
	{                                                      \
		return BENCH_VALUE(number);                    \
	}
BENCH_ALL
#undef BENCH_ONE

struct span {
	u64 cycles;
	u64 ns;
	unsigned long value;
};

/* noipa: both lengths run the same instructions. */
static BENCH_FUNCTION struct span time_calls(unsigned long calls)
{
	struct span span = {};
	unsigned long flags, i;

	local_irq_save(flags);
	span.ns = ktime_get_ns();
	span.cycles = get_cycles();
	for (i = 0; i < calls; i++)
		span.value = klpx_bench_000();
	span.cycles = get_cycles() - span.cycles;
	span.ns = ktime_get_ns() - span.ns;
	local_irq_restore(flags);
	return span;
}

/* The shortest of several: other load of the machine only adds time. */
static struct span fastest(unsigned long calls)
{
	struct span best = time_calls(calls);
	int i;

	for (i = 1; i < TRIES; i++) {
		struct span span = time_calls(calls);

		best.cycles = min(best.cycles, span.cycles);
		best.ns = min(best.ns, span.ns);
	}
	return best;
}

/* The code around the calls is the same in both, and cancels out. */
static void show_call(struct seq_file *m)
{
	struct span half = fastest(CALLS), whole = fastest(2 * CALLS);
	u64 cycles = max(whole.cycles, half.cycles) - half.cycles;
	u64 ns = max(whole.ns, half.ns) - half.ns;

	seq_printf(m, "%llu.%03llu %llu %lu\n", cycles / CALLS, cycles % CALLS,
		   ns * PICO_OF_NANO / CALLS, whole.value);
}

static int call_show(struct seq_file *m, void *v)
{
	show_call(m);
	return 0;
}

static DECLARE_WAIT_QUEUE_HEAD(holder);
static DECLARE_WAIT_QUEUE_HEAD(napper);
static unsigned long releases;

void klpx_bench_hold(struct seq_file *m);
BENCH_FUNCTION void klpx_bench_hold(struct seq_file *m)
{
	unsigned long before = READ_ONCE(releases);

	wait_event_idle(holder, READ_ONCE(releases) != before);
	show_call(m);
}

static int hold_show(struct seq_file *m, void *v)
{
	klpx_bench_hold(m);
	return 0;
}

static ssize_t hold_write(struct file *file, const char __user *buf,
			  size_t size, loff_t *offset)
{
	WRITE_ONCE(releases, releases + 1);
	wake_up_all(&holder);
	return size;
}

int klpx_bench_nap(void);
BENCH_FUNCTION int klpx_bench_nap(void)
{
	return wait_event_interruptible(napper, false);
}

static int nap_show(struct seq_file *m, void *v)
{
	int err = klpx_bench_nap();

	barrier(); /* not a tail call */
	return err;
}

static int hold_open(struct inode *inode, struct file *file)
{
	return single_open(file, hold_show, NULL);
}

static const struct proc_ops hold_ops = {
	.proc_open = hold_open,
	.proc_read = seq_read,
	.proc_write = hold_write,
	.proc_release = single_release,
};

static struct proc_dir_entry *directory;

static int __init target_init(void)
{
	directory = proc_mkdir("klpx_bench", NULL);
	if (!directory)
		return -ENOMEM;
	if (proc_create_single("call", 0444, directory, call_show) &&
	    proc_create("hold", 0644, directory, &hold_ops) &&
	    proc_create_single("nap", 0444, directory, nap_show))
		return 0;
	proc_remove(directory);
	return -ENOMEM;
}

static void __exit target_exit(void)
{
	proc_remove(directory);
}

module_init(target_init);
module_exit(target_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx benchmark: functions to patch");
