// SPDX-License-Identifier: GPL-2.0
/*
 * Devices whose read() sleeps in a vmlinux function until a task writes to
 * them: /dev/klpx_interruptible, /dev/klpx_killable, and /dev/klpx_eintr, whose
 * read() fails when it is interrupted, like that of some drivers, and is not
 * restarted. A read returns 0. None can be polled, so an io_uring read sleeps
 * in a worker thread.
 */

#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/uio.h>

#define DEVICE(how, wait)                                                     \
	static DECLARE_COMPLETION(how##_wake);                                \
	static ssize_t how##_read(struct kiocb *iocb, struct iov_iter *to)    \
	{                                                                     \
		return wait;                                                  \
	}                                                                     \
	static ssize_t how##_write(struct kiocb *iocb, struct iov_iter *from) \
	{                                                                     \
		complete(&how##_wake);                                        \
		return iov_iter_count(from);                                  \
	}                                                                     \
	static const struct file_operations how##_fops = {                    \
		.owner = THIS_MODULE,                                         \
		.read_iter = how##_read,                                      \
		.write_iter = how##_write,                                    \
	};                                                                    \
	static struct miscdevice how##_device = {                             \
		.minor = MISC_DYNAMIC_MINOR,                                  \
		.name = "klpx_" #how,                                         \
		.fops = &how##_fops,                                          \
	}
DEVICE(interruptible, wait_for_completion_interruptible(&interruptible_wake));
DEVICE(killable, wait_for_completion_killable(&killable_wake));
DEVICE(eintr, wait_for_completion_interruptible(&eintr_wake) ? -EINTR : 0);

static struct miscdevice *const devices[] = {
	&interruptible_device,
	&killable_device,
	&eintr_device,
};

static void remove_devices(size_t count)
{
	while (count--)
		misc_deregister(devices[count]);
}

static int __init device_init(void)
{
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(devices); i++) {
		err = misc_register(devices[i]);
		if (err) {
			remove_devices(i);
			return err;
		}
	}
	return 0;
}

static void __exit device_exit(void)
{
	remove_devices(ARRAY_SIZE(devices));
}

module_init(device_init);
module_exit(device_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
