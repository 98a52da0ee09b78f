// SPDX-License-Identifier: GPL-2.0
/*
 * Sends an NMI to one CPU after the other for as long as it is loaded.
 * handled: how many have been handled.
 */

#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <asm/apic.h>
#include <asm/nmi.h>

#define PAUSE_US 200

static ulong handled;
module_param(handled, ulong, 0444);
static int target = -1; /* the CPU that is to handle the next one */
static struct task_struct *thread;

static int handle(unsigned int type, struct pt_regs *regs)
{
	if (READ_ONCE(target) != raw_smp_processor_id())
		return NMI_DONE;
	WRITE_ONCE(handled, handled + 1);
	WRITE_ONCE(target, -1);
	return NMI_HANDLED;
}

static int send(void *unused)
{
	int cpu;

	while (!kthread_should_stop()) {
		cpus_read_lock();
		for_each_online_cpu(cpu) {
			WRITE_ONCE(target, cpu);
			apic->send_IPI(cpu, NMI_VECTOR);
			while (READ_ONCE(target) >= 0)
				usleep_range(PAUSE_US, 2 * PAUSE_US);
		}
		cpus_read_unlock();
		usleep_range(PAUSE_US, 2 * PAUSE_US);
	}
	return 0;
}

static int __init nmi_init(void)
{
	int err = register_nmi_handler(NMI_LOCAL, handle, 0, "klpx_test_nmi");

	if (err)
		return err;
	thread = kthread_run(send, NULL, "klpx_nmi");
	if (IS_ERR(thread))
		unregister_nmi_handler(NMI_LOCAL, "klpx_test_nmi");
	return PTR_ERR_OR_ZERO(thread);
}

static void __exit nmi_exit(void)
{
	kthread_stop(thread);
	unregister_nmi_handler(NMI_LOCAL, "klpx_test_nmi");
}

module_init(nmi_init);
module_exit(nmi_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
