// SPDX-License-Identifier: GPL-2.0
/*
 * Two devices whose read() sleeps in a vmlinux function until somebody writes
 * to them: /dev/klpx_interruptible and /dev/klpx_killable. A read then returns
 * 0. Neither can be polled, so an io_uring read sleeps in a worker thread.
 */

#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

#define DEVICE(how)                                                            \
	static DECLARE_COMPLETION(how##_wake);                                 \
	static ssize_t how##_read(struct kiocb *iocb, struct iov_iter *to)     \
	{                                                                      \
		return wait_for_completion_##how(&how##_wake);                 \
	}                                                                      \
	static ssize_t how##_write(struct kiocb *iocb, struct iov_iter *from)  \
	{                                                                      \
		complete(&how##_wake);                                         \
		return iov_iter_count(from);                                   \
	}                                                                      \
	static const struct file_operations how##_fops = {                     \
		.owner = THIS_MODULE,                                          \
		.read_iter = how##_read,                                       \
		.write_iter = how##_write,                                     \
	};                                                                     \
	static struct miscdevice how##_device = {                              \
		.minor = MISC_DYNAMIC_MINOR,                                   \
		.name = "klpx_" #how,                                          \
		.fops = &how##_fops,                                           \
	}
DEVICE(interruptible);
DEVICE(killable);

static int __init device_init(void)
{
	int err;

	err = misc_register(&interruptible_device);
	if (err)
		return err;
	err = misc_register(&killable_device);
	if (err)
		misc_deregister(&interruptible_device);
	return err;
}

static void __exit device_exit(void)
{
	misc_deregister(&killable_device);
	misc_deregister(&interruptible_device);
}

module_init(device_init);
module_exit(device_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
