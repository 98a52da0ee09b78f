// SPDX-License-Identifier: GPL-2.0
/*
 * klpx.ko: loading and unloading. It cannot be unloaded while a patch module
 * is loaded, which needs klpx_enable_patch(), nor while an adopted patch is
 * enabled (adopt_calls.c). rmmod --force waits for those in klpx_sysfs_exit().
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>

#include <klpx/abi.h>
#include <klpx/version.h>

#include "adopt.h"
#include "cold_ranges.h"
#include "evict.h"
#include "exiting.h"
#include "hooks.h"
#include "kfuncs.h"
#include "kick.h"
#include "lifetime.h"
#include "livepatch.h"
#include "module_notifier.h"
#include "patch_sysfs.h"
#include "pending.h"
#include "policy.h"
#include "policy_worker.h"
#include "promote.h"
#include "redirect.h"
#include "shadow.h"
#include "stack.h"
#include "stats.h"
#include "switch.h"
#include "symbols.h"
#include "sync.h"
#include "sysfs.h"
#include "wake.h"
#include "worker.h"

static int __init init_tasks(void)
{
	int ret;

	ret = klpx_symbols_init();
	if (ret)
		return ret;
	ret = klpx_cold_ranges_init();
	if (ret)
		return ret;
	ret = klpx_stack_init();
	if (ret)
		goto err_cold_ranges;
	ret = klpx_pending_init(klpx_switch_at_kernel_exit);
	if (ret)
		goto err_stack;
	ret = klpx_exiting_init();
	if (ret)
		goto err_pending;
	klpx_kick_init();
	ret = klpx_wake_init(klpx_worker);
	if (ret)
		goto err_kick;
	ret = klpx_policy_worker_init();
	if (ret)
		goto err_wake;
	return 0;

err_wake:
	klpx_wake_exit();
err_kick:
	klpx_kick_exit();
	klpx_exiting_exit();
err_pending:
	klpx_pending_exit();
err_stack:
	klpx_stack_exit();
err_cold_ranges:
	klpx_cold_ranges_exit();
	return ret;
}

static void exit_tasks(void)
{
	klpx_policy_worker_exit();
	klpx_wake_exit();
	klpx_kick_exit();
	klpx_exiting_exit();
	klpx_pending_exit();
	if (!IS_ENABLED(CONFIG_LIVEPATCH))
		klpx_shadow_exit();
	klpx_stack_exit();
	klpx_cold_ranges_exit();
}

static int __init init_patches(void)
{
	int ret;

	ret = klpx_lifetime_init();
	if (ret)
		return ret;
	ret = klpx_redirect_init();
	if (ret)
		goto err_lifetime;
	ret = klpx_promote_init();
	if (ret)
		goto err_redirect;
	ret = klpx_hooks_init();
	if (ret)
		goto err_promote;
	return 0;

err_promote:
	klpx_promote_exit();
err_redirect:
	klpx_redirect_exit();
err_lifetime:
	klpx_evict_exit();
	klpx_lifetime_exit();
	return ret;
}

static void exit_patches(void)
{
	klpx_hooks_exit();
	/* The worker of promote.c looks at function stacks: they go after it. */
	klpx_promote_exit();
	klpx_redirect_exit();
	klpx_evict_exit();
	klpx_lifetime_exit();
}

static int __init init_interface(void)
{
	int ret;

	ret = klpx_module_notifier_init();
	if (ret)
		return ret;
	ret = klpx_kfuncs_init();
	if (ret)
		goto err_notifier;
	ret = klpx_policy_init(klpx_policy_worker_wake);
	if (ret)
		goto err_notifier;
	ret = klpx_stats_init();
	if (ret)
		goto err_notifier;
	ret = klpx_sysfs_init(klpx_patch_groups);
	if (ret)
		goto err_stats;
	/* Last: from here on it can be used, by patches that it adopts. */
	if (IS_ENABLED(CONFIG_LIVEPATCH)) {
		ret = klpx_livepatch_init();
		if (ret)
			goto err_sysfs;
		klpx_adopt_init();
	}
	return 0;

err_sysfs:
	klpx_sysfs_exit();
err_stats:
	klpx_stats_exit();
err_notifier:
	klpx_module_notifier_exit();
	return ret;
}

static void exit_interface(void)
{
	if (IS_ENABLED(CONFIG_LIVEPATCH)) {
		/* Its files go first: they turn adoption on. */
		klpx_livepatch_exit();
		klpx_adopt_exit();
	}
	klpx_sysfs_exit();
	klpx_stats_exit();
	klpx_module_notifier_exit();
}

static int __init klpx_init(void)
{
	int ret;

	ret = init_tasks();
	if (ret)
		return ret;
	ret = init_patches();
	if (ret)
		goto err_tasks;
	ret = init_interface();
	if (ret)
		goto err_patches;
	return 0;

err_patches:
	exit_patches();
err_tasks:
	exit_tasks();
	return ret;
}

static void __exit klpx_exit(void)
{
	exit_interface();
	exit_patches();
	exit_tasks();
	/*
	 * The last task work has dropped its entry but may not have returned
	 * from our code yet; it does before its task next sleeps or leaves
	 * the kernel. The same goes for a task that is in a stub. A load that
	 * fails has had neither, and must not wait.
	 */
	klpx_sync_tasks();
}

module_init(klpx_init);
module_exit(klpx_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Live patching with a per-task consistency engine");
MODULE_VERSION(KLPX_VERSION);
