// SPDX-License-Identifier: GPL-2.0
/*
 * Module notifiers. A module that no patch names passes without waiting for
 * klpx_mutex, whatever transition runs.
 *
 * The going notifier takes klpx_mutex before the module's memory is freed, so
 * klpx_lobject.mod needs no reference: any holder of klpx_mutex can use it.
 * What is done to a target then is in module_apply.c.
 *
 * All notifiers run under the rwsem of their chain, so what they wait for is
 * waited for by each module load of the machine as soon as another module
 * (un)registers a notifier. That is klpx_mutex, which is never held until some
 * task has left a function; the callbacks of patches run under it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/string.h>

#include "evict.h"
#include "module_apply.h"
#include "module_notifier.h"
#include "muted.h"
#include "waiting.h"
#include "wanted.h"

/* module_init() of a patch module has succeeded. */
static void on_patch_live(const struct module *mod)
{
	if (!klpx_mark_lived(mod))
		return;

	klpx_lock();
	klpx_waiting_end(mod);
	klpx_unlock();
}

/*
 * A patch module goes before its patch has gone. Nothing is waited for here:
 * free_module() waits, see evict.c. One that has been retired by now, or is
 * soon, is on its way already (free_patch()).
 */
static void on_patch_going(const struct module *mod)
{
	klpx_mark_going(mod, klpx_evict);
}

static int on_coming(struct module *mod)
{
	struct klpx_coming *coming;
	bool wanted;
	int ret;

	if (!strcmp(mod->name, "vmlinux")) {
		pr_err("vmlinux.ko: invalid module name\n");
		return -EINVAL;
	}

	coming = klpx_coming_add(mod, &wanted);
	if (!coming)
		return -ENOMEM;
	if (!wanted)
		return 0;

	klpx_lock();
	ret = klpx_apply_to_module(mod);
	klpx_coming_applied(coming);
	klpx_unlock();
	/* A refused module gets no GOING from the chain. */
	if (ret)
		klpx_coming_remove(mod, &wanted);
	return ret;
}

/*
 * One that is not on the list was being loaded when klpx.ko came. Its code has
 * run by now, so it cannot be refused any more: a failure is reported.
 */
static void on_live(struct module *mod)
{
	bool wanted;

	if (klpx_coming_remove(mod, &wanted) || !wanted)
		return;

	klpx_lock();
	klpx_apply_to_module(mod);
	klpx_unlock();
}

static void on_going(struct module *mod)
{
	bool wanted;

	klpx_coming_remove(mod, &wanted);
	if (wanted) {
		klpx_lock();
		klpx_revert_on_module(mod);
		klpx_unlock();
	}
	/* ftrace must not find its addresses in another module. */
	klpx_muted_flush(mod);
}

/*
 * Called before all other notifiers, so before anything can call into the
 * module. It gets a GOING for a module that is still coming if a later notifier
 * has refused it; last_notifier() then gets none.
 */
static int first_notifier(struct notifier_block *nb, unsigned long state,
			  void *data)
{
	struct module *mod = data;

	if (state == MODULE_STATE_COMING)
		return notifier_from_errno(on_coming(mod));
	if (state == MODULE_STATE_LIVE) {
		on_live(mod);
		on_patch_live(mod);
	}
	if (state == MODULE_STATE_GOING && mod->state == MODULE_STATE_COMING)
		on_going(mod);
	return NOTIFY_OK;
}

/* Called after all other notifiers: nothing calls into the module any more. */
static int last_notifier(struct notifier_block *nb, unsigned long state,
			 void *mod)
{
	if (state == MODULE_STATE_GOING) {
		on_going(mod);
		on_patch_going(mod);
	}
	return NOTIFY_OK;
}

static struct notifier_block first_nb = {
	.notifier_call = first_notifier,
	.priority = INT_MAX,
};

static struct notifier_block last_nb = {
	.notifier_call = last_notifier,
	.priority = INT_MIN,
};

int klpx_module_notifier_init(void)
{
	int ret;

	ret = register_module_notifier(&last_nb);
	if (ret)
		return ret;
	ret = register_module_notifier(&first_nb);
	if (ret)
		unregister_module_notifier(&last_nb);
	return ret;
}

void klpx_module_notifier_exit(void)
{
	unregister_module_notifier(&first_nb);
	unregister_module_notifier(&last_nb);
	klpx_coming_free_all();
}
