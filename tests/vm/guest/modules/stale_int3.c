// SPDX-License-Identifier: GPL-2.0
/*
 * Works around a fault of QEMU's multi-threaded TCG in guests that patch text.
 *
 * QEMU drops the translations of an instruction just before it stores to it,
 * not after. Another CPU that translates the instruction in between keeps what
 * it read. When the kernel patches text, that can be the int3 of the last but
 * one step, for ever: the CPU traps although memory holds the new instruction,
 * no handler knows the breakpoint any more, and the kernel dies of an
 * "Oops: int3".
 *
 * The answer to an int3 that is not in memory is therefore to store the byte
 * there once more, which drops the stale translation, and to run the
 * instruction again. Loaded under TCG only.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kdebug.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/ptrace.h>
#include <asm/processor-flags.h>
#include <asm/special_insns.h>

#define INT3 0xcc

static unsigned int healed;
module_param(healed, uint, 0444);
MODULE_PARM_DESC(healed, "stale int3 instructions run again");

/* Stores the byte at addr again; a concurrent poke wins. */
static notrace void store_again(u8 *addr, u8 byte)
{
	unsigned long cr0 = native_read_cr0();

	/* Not native_write_cr0(), which insists on write protection. */
	asm volatile("mov %0, %%cr0" : : "r"(cr0 & ~X86_CR0_WP) : "memory");
	cmpxchg(addr, byte, byte);
	asm volatile("mov %0, %%cr0" : : "r"(cr0) : "memory");
}

static notrace int on_die(struct notifier_block *nb, unsigned long event,
			  void *data)
{
	struct pt_regs *regs = ((struct die_args *)data)->regs;
	u8 *addr = (u8 *)regs->ip - 1;
	u8 byte;

	if (event != DIE_INT3 || user_mode(regs))
		return NOTIFY_DONE;
	byte = READ_ONCE(*addr);
	if (byte == INT3)
		return NOTIFY_DONE;
	store_again(addr, byte);
	healed++;
	pr_info("QEMU ran an int3 that is not there, at %pS\n", addr);
	regs->ip = (unsigned long)addr;
	return NOTIFY_STOP;
}
NOKPROBE_SYMBOL(on_die);

static struct notifier_block die_notifier = {
	.notifier_call = on_die,
	.priority = INT_MAX,
};

static int __init stale_int3_init(void)
{
	return register_die_notifier(&die_notifier);
}

static void __exit stale_int3_exit(void)
{
	unregister_die_notifier(&die_notifier);
}

module_init(stale_int3_init);
module_exit(stale_int3_exit);
MODULE_DESCRIPTION("Heals stale int3 translations of QEMU's TCG");
MODULE_LICENSE("GPL");
