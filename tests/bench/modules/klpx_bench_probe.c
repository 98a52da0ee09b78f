// SPDX-License-Identifier: GPL-2.0
/*
 * How long an interrupt, and the thread that it wakes, had to wait: on each CPU
 * a timer fires every PERIOD_NS and wakes a real-time thread. The timer is late
 * by the time that interrupts were off, the thread also by the time that
 * preemption was off. A read of /proc/klpx_bench_delay returns
 * "INTERRUPT_NS THREAD_NS", the longest of all CPUs since the last read.
 *
 * The stock kernel has neither of the tracers for this. Unlike them this module
 * can tell neither which code caused a delay, nor the kernel from a busy host.
 */

#include <linux/cpu.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

#define PERIOD_NS (200 * NSEC_PER_USEC)

struct probe {
	struct hrtimer timer;
	struct task_struct *thread;
	ktime_t due;
	u64 worst_interrupt;
	u64 worst_thread;
};

static DEFINE_PER_CPU(struct probe, probes);

static void keep_longest(u64 *worst, ktime_t due)
{
	u64 late = ktime_to_ns(ktime_sub(ktime_get(), due));

	if (late > READ_ONCE(*worst))
		WRITE_ONCE(*worst, late);
}

static enum hrtimer_restart fire(struct hrtimer *timer)
{
	struct probe *probe = container_of(timer, struct probe, timer);

	probe->due = hrtimer_get_expires(timer);
	keep_longest(&probe->worst_interrupt, probe->due);
	wake_up_process(probe->thread);
	return HRTIMER_NORESTART; /* the thread starts it again */
}

static int probe_thread(void *data)
{
	struct probe *probe = data;

	sched_set_fifo(current);
	while (!kthread_should_stop()) {
		set_current_state(TASK_IDLE);
		hrtimer_start(&probe->timer, ns_to_ktime(PERIOD_NS),
			      HRTIMER_MODE_REL_PINNED_HARD);
		schedule();
		keep_longest(&probe->worst_thread, probe->due);
	}
	return 0;
}

static int delay_show(struct seq_file *m, void *v)
{
	u64 interrupt = 0, thread = 0;
	int cpu;

	for_each_online_cpu (cpu) {
		struct probe *probe = per_cpu_ptr(&probes, cpu);

		interrupt = max(interrupt, xchg(&probe->worst_interrupt, 0));
		thread = max(thread, xchg(&probe->worst_thread, 0));
	}
	seq_printf(m, "%llu %llu\n", interrupt, thread);
	return 0;
}

static void stop_all(void)
{
	int cpu;

	for_each_possible_cpu (cpu) {
		struct probe *probe = per_cpu_ptr(&probes, cpu);

		if (!probe->thread)
			continue;
		kthread_stop(probe->thread);
		hrtimer_cancel(&probe->timer); /* it wakes the thread */
		put_task_struct(probe->thread);
	}
}

static int start_all(void)
{
	int cpu;

	for_each_online_cpu (cpu) {
		struct probe *probe = per_cpu_ptr(&probes, cpu);
		struct task_struct *thread;

		hrtimer_init(&probe->timer, CLOCK_MONOTONIC,
			     HRTIMER_MODE_REL_PINNED_HARD);
		probe->timer.function = fire;
		thread = kthread_create_on_cpu(probe_thread, probe, cpu,
					       "klpx_probe/%u");
		if (IS_ERR(thread))
			return PTR_ERR(thread);
		probe->thread = get_task_struct(thread);
		wake_up_process(thread);
	}
	return 0;
}

static int __init probe_init(void)
{
	int err;

	if (!proc_create_single("klpx_bench_delay", 0444, NULL, delay_show))
		return -ENOMEM;
	cpus_read_lock();
	err = start_all();
	cpus_read_unlock();
	if (err) {
		stop_all();
		remove_proc_entry("klpx_bench_delay", NULL);
	}
	return err;
}

static void __exit probe_exit(void)
{
	remove_proc_entry("klpx_bench_delay", NULL);
	stop_all();
}

module_init(probe_init);
module_exit(probe_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx benchmark: how late interrupts and threads are");
