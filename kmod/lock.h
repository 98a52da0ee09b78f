/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The engine's mutex, taken and given back by these functions only, which
 * measure how long it was waited for and held (stats/lock_*_max_ns).
 */
#ifndef KLPX_LOCK_H
#define KLPX_LOCK_H

#include <linux/mutex.h>

/*
 * Guards the list of patches, every record on it, the function stacks and the
 * transition (which patch, which way, which phase). Held by enable, by every
 * sysfs store, by the worker for the length of a pass, by callbacks, and while
 * a module that some patch names is loaded or unloaded (no other).
 *
 * Exempt: the redirection handler, the hooks and the kfuncs, which run in
 * contexts that cannot sleep; each says at its top what orders it instead.
 *
 * The lock order. klpx_mutex nests inside
 *  - module_notify_list.rwsem, held for reading (module_notifier.c);
 *  - the kernfs active reference of a file (patch_sysfs.c).
 * Taken inside it, an outer one before an inner one where both are named:
 *  - cpu_hotplug_lock (sync.c, worker.c, policy_worker.c, stop_machine()), then
 *    the stoppers';
 *  - flush_mutex (muted.c), then the mutex of klpx_sync_cpus(), then
 *    cpu_hotplug_lock (sync.c);
 *  - ftrace's direct_mutex, then ftrace_lock, then text_mutex; also in
 *    flush_mutex;
 *  - module_mutex (names to addresses: lookup.c, cold_ranges.c);
 *  - kernfs_rwsem (directories, and files that are polled: enable.c, replace.c,
 *    stats.c);
 *  - names_lock (wanted.c), under which find_module() and klpx_evict() are
 *    called, and no other lock of ours is taken;
 *  - the task's pi_lock and its run queue's lock (task_call_func()), then a
 *    pending set's lock, which nothing is taken under;
 *  - the spinlocks of one file, which are innermost: exiting.c, muted.c,
 *    stubs.c, recent.c, policy_worker.c, shadow.c, adopt_order.c.
 * Never held across kobject_put() of a record whose files take it: a reader or
 * store holds the kernfs reference that the removal waits for. (The directories
 * of nops have no such files.)
 */
extern struct mutex klpx_mutex;

void klpx_lock(void);
/* For processes: one that is killed gives up. 0 or -EINTR. */
int klpx_lock_killable(void);
void klpx_unlock(void);

/* Does the current task hold it? It does in the callbacks of patches. */
bool klpx_lock_is_mine(void);

#endif /* KLPX_LOCK_H */
