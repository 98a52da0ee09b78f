/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What one process has ordered for one module: that the next klp_enable_patch()
 * which the process makes from that module's module_init() goes to klpx, or to
 * the kernel's engine, whatever the setting is. An order belongs to the process
 * and is void when that has died. There is one at a time.
 *
 * /sys/module/klpx/livepatch/engine_for (docs/SYSFS.md).
 */
#ifndef KLPX_ADOPT_ORDER_H
#define KLPX_ADOPT_ORDER_H

#include <linux/types.h>

/*
 * The order in @text: "MODULE klpx", "MODULE kernel", or nothing, which takes
 * the order back. @klpx: it is for klpx. -EINVAL; -EBUSY: another process, which
 * lives, has given one.
 */
int klpx_order_parse(char *text, const char **module, bool *klpx);
int klpx_order_give(const char *module, bool klpx);

/*
 * Where the patch of the module @name goes that the current process enables:
 * as ordered, and then the order is fulfilled, or to @klpx.
 */
bool klpx_order_take(const char *name, bool klpx);

/* There is one for klpx. */
bool klpx_order_is_for_klpx(void);

/* As it is shown, in a page. */
ssize_t klpx_order_show(char *buf);

/* Forget it, whichever process has given it. */
void klpx_order_clear(void);

#endif /* KLPX_ADOPT_ORDER_H */
