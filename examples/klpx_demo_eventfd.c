// SPDX-License-Identifier: GPL-2.0
/*
 * Patches a function in which tasks may sleep for any time: read(2) of an
 * eventfd waits in eventfd_read() until another task writes. While the patch is
 * enabled, every eventfd counts down one by one, as if it had been created with
 * EFD_SEMAPHORE: after a write of 5, a read returns 1, not 5.
 *
 * A task that waits in the old eventfd_read() cannot be switched: it would
 * wake up in the old code. 'klp-controller blocking' names it. A fake signal
 * makes it leave the system call and enter it again, through the new function;
 * the program does not notice.
 *
 * For demonstration only: every eventfd of the machine changes its meaning.
 */

#include <linux/eventfd.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/uio.h>
#include <klpx/livepatch.h>

/*
 * Private to fs/eventfd.c, so repeated here. It must match the source of the
 * patched kernel exactly (Linux 6.12).
 */
struct eventfd_ctx {
	struct kref kref;
	wait_queue_head_t wqh;
	__u64 count;
	unsigned int flags;
	int id;
};

/*
 * eventfd_read() with one line changed. A replacement is a function of a
 * module: it can call what the kernel exports; anything else needs a
 * relocation (docs/PATCH-AUTHORS.md).
 */
static ssize_t demo_eventfd_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct file *file = iocb->ki_filp;
	struct eventfd_ctx *ctx = file->private_data;
	__u64 ucnt = 1; /* was: eventfd_ctx_do_read(ctx, &ucnt), the count */

	if (iov_iter_count(to) < sizeof(ucnt))
		return -EINVAL;
	spin_lock_irq(&ctx->wqh.lock);
	if (!ctx->count) {
		if ((file->f_flags & O_NONBLOCK) ||
		    (iocb->ki_flags & IOCB_NOWAIT)) {
			spin_unlock_irq(&ctx->wqh.lock);
			return -EAGAIN;
		}
		if (wait_event_interruptible_locked_irq(ctx->wqh, ctx->count)) {
			spin_unlock_irq(&ctx->wqh.lock);
			return -ERESTARTSYS;
		}
	}
	ctx->count -= ucnt;
	current->in_eventfd = 1;
	if (waitqueue_active(&ctx->wqh))
		wake_up_locked_poll(&ctx->wqh, EPOLLOUT);
	current->in_eventfd = 0;
	spin_unlock_irq(&ctx->wqh.lock);
	if (unlikely(copy_to_iter(&ucnt, sizeof(ucnt), to) != sizeof(ucnt)))
		return -EFAULT;

	return sizeof(ucnt);
}

static struct klpx_func funcs[] = {
	{
		.old_name = "eventfd_read",
		.new_func = demo_eventfd_read,
	},
	{}
};

static struct klpx_object objs[] = {
	{ .funcs = funcs },
	{}
};

static struct klpx_patch patch = {
	.mod = THIS_MODULE,
	.objs = objs,
	.version = 1,
};

static int __init demo_init(void)
{
	return klpx_enable_patch(&patch);
}

static void __exit demo_exit(void)
{
}

module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx example: a patched function that tasks sleep in");
