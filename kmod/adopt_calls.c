// SPDX-License-Identifier: GPL-2.0
/* What runs in place of three functions of the kernel; see adopt_calls.h. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/livepatch.h>
#include <linux/seq_file.h>
#include <linux/wait.h>

#include "adopt.h"
#include "adopt_calls.h"
#include "adopt_order.h"
#include "adopted.h"
#include "enable.h"
#include "pending.h"
#include "pointers.h"
#include "states.h"
#include "symbols.h"
#include "sync.h"
#include "transition_state.h"

/* The number of tasks in klpx_adopt_enable(), for klpx_adopt_wait(). */
static atomic_t callers;
static DECLARE_WAIT_QUEUE_HEAD(no_callers);

/*
 * The name of the module whose patch @patch is said to be. It may be anything,
 * so it is only compared; get_module() asks whether there is such a module.
 */
static bool read_module(struct klp_patch *patch, struct klp_patch *copy,
			char name[KLPX_PATCH_NAME_LEN])
{
	return klpx_read(copy, patch, sizeof(*copy)) &&
	       !klpx_read_name(name, copy->mod->name, KLPX_PATCH_NAME_LEN);
}

/*
 * A reference on the module of @patch. ERR_PTR: -EINVAL, what it names is none;
 * -ENODEV, it is being removed.
 */
static struct module *get_module(struct klp_patch *patch)
{
	char name[KLPX_PATCH_NAME_LEN];
	struct klp_patch copy;
	struct module *mod;

	if (!read_module(patch, &copy, name))
		return ERR_PTR(-EINVAL);
	/* What find_module() returns is not freed while preemption is off. */
	preempt_disable();
	mod = klpx_sym_find_module(name);
	if (mod != copy.mod)
		mod = ERR_PTR(-EINVAL);
	else if (!try_module_get(mod))
		mod = ERR_PTR(-ENODEV);
	preempt_enable();
	return mod;
}

static bool goes_to_klpx(struct klp_patch *patch)
{
	char name[KLPX_PATCH_NAME_LEN];
	struct klp_patch copy;

	/* What cannot be read is refused here: the kernel would read it. */
	if (!read_module(patch, &copy, name))
		return klpx_adopts();
	return klpx_order_take(name, klpx_adopts());
}

/*
 * klpx.ko stays as long as the patch does. If a task was forced out of it, that
 * is until reboot, as for the module of the patch.
 */
static void release_adopted(struct klpx_adopted *adopted, bool forced)
{
	klpx_adopted_free(adopted);
	klpx_adopt_end();
	if (!forced)
		module_put(THIS_MODULE);
}

static int adopt_patch(struct klp_patch *theirs, struct module *mod)
{
	struct klpx_adopted *adopted = klpx_adopted_new(theirs, mod);
	int ret;

	if (IS_ERR(adopted))
		return PTR_ERR(adopted);
	adopted->release = release_adopted;
	/*
	 * It was redirected when the call came; adoption may be off since, or
	 * the order fulfilled.
	 */
	ret = klpx_adopt_begin();
	if (ret) {
		klpx_adopted_free(adopted);
		return ret;
	}
	/* klpx_adopt_enable() has a reference. */
	__module_get(THIS_MODULE);
	ret = klpx_enable_adopted(adopted, mod);
	if (ret)
		release_adopted(adopted, false);
	return ret;
}

static int adopt_if_module(struct klp_patch *patch)
{
	struct module *mod = get_module(patch);
	int ret;

	if (IS_ERR(mod)) {
		pr_err("klp_enable_patch(): .mod is no loaded module, or that module is being removed\n");
		return PTR_ERR(mod);
	}
	ret = adopt_patch(patch, mod);
	module_put(mod);
	return ret;
}

/* In place of klp_enable_patch(): in a module_init(), which may sleep. */
int klpx_adopt_enable(struct klp_patch *patch)
{
	int ret;

	/*
	 * First, and without having slept: klpx_adopt_exit() waits until every
	 * task that was on its way here has counted itself, then for all that
	 * have.
	 */
	atomic_inc(&callers);
	/*
	 * As long as the functions are redirected, klpx.ko has a reference on
	 * itself. If none can be had, they no longer are, and klpx.ko is going.
	 */
	if (!try_module_get(THIS_MODULE)) {
		ret = klpx_sym_klp_enable_patch(patch);
	} else {
		ret = goes_to_klpx(patch) ? adopt_if_module(patch) :
					    klpx_sym_klp_enable_patch(patch);
		module_put(THIS_MODULE);
	}
	if (atomic_dec_and_test(&callers))
		wake_up(&no_callers);
	return ret;
}

/*
 * In place of klp_get_prev_state(). The callbacks that may ask are called with
 * the lock of their engine held.
 */
struct klp_state *klpx_adopt_prev_state(unsigned long id)
{
	const struct klpx_lpatch *of;
	struct klpx_state *state;

	if (!klpx_lock_is_mine())
		return klpx_sym_klp_get_prev_state(id);
	if (WARN_ON_ONCE(!klpx_transition_patch()))
		return NULL;
	state = klpx_states_find_prev(id, &of);
	if (!state)
		return NULL;
	if (klpx_is_adopted(of))
		return klpx_adopted_state(of->adopted, state);
	/* What a patch for klpx has begins like it; see adopted.c. */
	return (struct klp_state *)state;
}

/* The side of @task in a transition of an adopted patch, or idle. */
static int side_of(const struct task_struct *task)
{
	const struct klpx_set *set;
	int side = KLP_TRANSITION_IDLE;

	klpx_read_lock();
	/* Pairs with klpx_pending_publish(). */
	set = smp_load_acquire(&klpx_current_set);
	if (set && set->adopted)
		side = klpx_side_in(set, task) == KLPX_PATCHED ?
			KLP_TRANSITION_PATCHED : KLP_TRANSITION_UNPATCHED;
	klpx_read_unlock();
	return side;
}

/*
 * In place of proc_pid_patch_state(). A transition of the kernel's own engine
 * may run at the same time. Then the side in that transition is shown, as it is
 * without klpx.
 */
int klpx_adopt_patch_state(struct seq_file *m, struct pid_namespace *ns,
			   struct pid *pid, struct task_struct *task)
{
	int side = KLP_TRANSITION_IDLE;

	if (READ_ONCE(task->patch_state) == KLP_TRANSITION_IDLE)
		side = side_of(task);
	if (side == KLP_TRANSITION_IDLE)
		return klpx_sym_proc_pid_patch_state(m, ns, pid, task);
	seq_printf(m, "%d\n", side);
	return 0;
}

void klpx_adopt_wait(void)
{
	wait_event(no_callers, !atomic_read(&callers));
}
