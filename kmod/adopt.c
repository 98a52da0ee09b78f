// SPDX-License-Identifier: GPL-2.0
/*
 * Adoption; see adopt.h.
 *
 * Three functions of the kernel are redirected, by the same handler and with
 * the same care as those of patches, to functions of ours that choose for each
 * call:
 *
 *  klp_enable_patch()	translates the patch (adopted.c) and enables it here
 *  klp_get_prev_state() answers from our list for callbacks that we call
 *  proc_pid_patch_state() /proc/<pid>/patch_state: the task's side, while the
 *			patch in transition is an adopted one
 *
 * A call that is not for klpx goes on to the kernel's own function, past its
 * call of ftrace. Nothing switches from one to the other: each call decides by
 * itself, and so they are no patch and have no transition. Shadow variables
 * need nothing: there is one store, the kernel's (shadow_kernel.c).
 *
 * The functions stay redirected as long as adoption is on, a process has
 * ordered it for one module (adopt_order.c), or an adopted patch is enabled or
 * in transition. As long as they are, klpx.ko holds a reference on itself, and
 * no patch can patch them: of two that redirect klp_enable_patch() one would
 * never be called.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/workqueue.h>

#include "adopt.h"
#include "adopt_calls.h"
#include "adopt_layout.h"
#include "adopt_order.h"
#include "func_stack.h"
#include "lookup.h"
#include "redirect.h"
#include "symbols.h"
#include "sync.h"

/* Written under klpx_mutex. */
static bool adopting;
static unsigned int nr_adopted;

static struct klpx_lfunc functions[] = {
	{ .old_name = "klp_enable_patch", .new_func = klpx_adopt_enable },
	{ .old_name = "klp_get_prev_state", .new_func = klpx_adopt_prev_state },
	{ .old_name = "proc_pid_patch_state",
	  .new_func = klpx_adopt_patch_state },
};

/* What redirect.c works on; on no list of patches. */
static struct klpx_lobject kernel_object = {
	.funcs = LIST_HEAD_INIT(kernel_object.funcs),
};

/*
 * No patch can have a version above or below (check_not_patched()), so the
 * sizes and cold ranges, which unsafe.c goes by, are not needed.
 */
static int find_redirected(struct klpx_lfunc *func)
{
	if (klpx_lookup(NULL, func->old_name, 0, &func->old_addr))
		return -EOPNOTSUPP;
	func->ip = klpx_sym_ftrace_location(func->old_addr);
	if (!func->ip) {
		pr_err("'%s' cannot be redirected on this kernel\n",
		       func->old_name);
		return -EOPNOTSUPP;
	}
	func->obj = &kernel_object;
	func->version.new_func = func->new_func;
	INIT_LIST_HEAD(&func->batch);
	list_add_tail(&func->node, &kernel_object.funcs);
	return 0;
}

/* Once: what has been found stays found. */
static int find_all_redirected(void)
{
	struct klpx_lfunc *func, *next;
	size_t i;
	int ret;

	if (!list_empty(&kernel_object.funcs))
		return 0;
	if (!klpx_symbols_can_adopt())
		return -EOPNOTSUPP;
	ret = klpx_check_livepatch_layout();
	for (i = 0; i < ARRAY_SIZE(functions) && !ret; i++)
		ret = find_redirected(&functions[i]);
	if (ret)
		list_for_each_entry_safe(func, next, &kernel_object.funcs, node)
			list_del(&func->node);
	return ret;
}

/* See above; klpx_replace_check_func() refuses the patch that comes later. */
static int check_not_patched(void)
{
	const struct klpx_func_stack *stack;
	const struct klpx_lfunc *func;

	klpx_for_each_func(&kernel_object, func) {
		stack = klpx_find_func_stack(func->ip);
		if (!stack || !stack->top)
			continue;
		pr_err("'%s' is patched: disable that patch before adoption is turned on\n",
		       func->old_name);
		return -EBUSY;
	}
	return 0;
}

static int redirect_kernel(void)
{
	int ret;

	lockdep_assert_held(&klpx_mutex);
	if (kernel_object.patched)
		return 0;
	ret = find_all_redirected();
	if (!ret)
		ret = check_not_patched();
	if (ret)
		return ret;
	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	ret = klpx_redirect_object(&kernel_object);
	if (ret)
		module_put(THIS_MODULE);
	return ret;
}

static void tidy_fn(struct work_struct *work);
static DECLARE_DELAYED_WORK(tidy_work, tidy_fn);

#define KLPX_TIDY_MS	1000

/* Take the redirection away when the last reason for it has gone. */
static void unredirect_if_unused(void)
{
	lockdep_assert_held(&klpx_mutex);

	if (!kernel_object.patched || adopting || nr_adopted)
		return;
	/* An order is void when its process has died, which is not told. */
	if (klpx_order_is_for_klpx()) {
		queue_delayed_work(system_unbound_wq, &tidy_work,
				   msecs_to_jiffies(KLPX_TIDY_MS));
		return;
	}
	klpx_unredirect_object(&kernel_object);
	module_put(THIS_MODULE);
}

static void tidy_fn(struct work_struct *work)
{
	klpx_lock();
	unredirect_if_unused();
	klpx_unlock();
}

bool klpx_adopts(void)
{
	return READ_ONCE(adopting);
}

int klpx_adopt_begin(void)
{
	int ret;

	klpx_lock();
	ret = redirect_kernel();
	nr_adopted += !ret;
	klpx_unlock();
	return ret;
}

void klpx_adopt_end(void)
{
	klpx_lock();
	nr_adopted--;
	unredirect_if_unused();
	klpx_unlock();
}

static int set_adopting(bool on)
{
	int ret = 0;

	lockdep_assert_held(&klpx_mutex);
	if (on)
		ret = redirect_kernel();
	if (!ret)
		WRITE_ONCE(adopting, on);
	unredirect_if_unused();
	return ret;
}

static ssize_t adopt_show(struct kobject *kobj, struct kobj_attribute *attr,
			  char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(adopting));
}

static ssize_t adopt_store(struct kobject *kobj, struct kobj_attribute *attr,
			   const char *buf, size_t count)
{
	bool on;
	int ret;

	ret = kstrtobool(buf, &on);
	if (ret)
		return ret;
	ret = klpx_lock_killable();
	if (ret)
		return ret;
	ret = set_adopting(on);
	klpx_unlock();
	return ret ?: count;
}

static ssize_t engine_for_show(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	return klpx_order_show(buf);
}

static ssize_t engine_for_store(struct kobject *kobj,
				struct kobj_attribute *attr, const char *buf,
				size_t count)
{
	char text[KLPX_PATCH_NAME_LEN + sizeof(" kernel\n")];
	const char *module;
	bool klpx;
	int ret;

	if (strscpy(text, buf, sizeof(text)) < 0)
		return -EINVAL;
	ret = klpx_order_parse(text, &module, &klpx);
	if (!ret)
		ret = klpx_lock_killable();
	if (ret)
		return ret;
	if (klpx)
		ret = redirect_kernel();
	if (!ret)
		ret = klpx_order_give(module, klpx);
	unredirect_if_unused();
	klpx_unlock();
	return ret ?: count;
}

static struct kobj_attribute adopt_attr = __ATTR_RW(adopt);
static struct kobj_attribute engine_for_attr = __ATTR_RW(engine_for);

static struct attribute *attrs[] = {
	&adopt_attr.attr,
	&engine_for_attr.attr,
	NULL
};
const struct attribute_group klpx_adopt_group = { .attrs = attrs };

/* Not in sysfs: what counts after the load is the file above. */
static bool at_load;
module_param_named(adopt, at_load, bool, 0);
MODULE_PARM_DESC(adopt, "run patch modules that were built for the kernel's livepatch on klpx (default: no)");

void klpx_adopt_init(void)
{
	int ret;

	if (!at_load)
		return;
	klpx_lock();
	ret = set_adopting(true);
	klpx_unlock();
	if (ret)
		pr_err("adopt=1: patches for the kernel's livepatch stay with the kernel's engine (%d)\n",
		       ret);
}

void klpx_adopt_exit(void)
{
	/* Under the mutex: what queues the work sees no order from here on. */
	klpx_lock();
	klpx_order_clear();
	klpx_unlock();
	cancel_delayed_work_sync(&tidy_work);
	/* Never redirected: no task has been sent to us. */
	if (list_empty(&kernel_object.funcs))
		return;
	/* Still redirected only if klpx.ko is removed by force. */
	klpx_lock();
	WRITE_ONCE(adopting, false);
	if (kernel_object.patched)
		klpx_unredirect_object(&kernel_object);
	klpx_unlock();
	/* Afterwards each task that was redirected has counted itself. */
	klpx_sync_tasks();
	klpx_adopt_wait();
}
