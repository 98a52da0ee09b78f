/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The engine's mutex, taken and given back by these functions only, which
 * measure how long it was waited for and held (stats/lock_*_max_ns).
 */
#ifndef KLPX_LOCK_H
#define KLPX_LOCK_H

#include <linux/mutex.h>

/*
 * Guards the list of patches, every record on it, the redirection function
 * stacks and the transition (which patch, which way, which phase). Held by
 * enable, by every sysfs store, by the worker for the length of a pass, by
 * callbacks, and while a module that some patch names is loaded or unloaded (no
 * other).
 *
 * Exempt: the redirection handler, the hooks and the kfuncs, which run in
 * contexts that cannot sleep; each says at its top what orders it instead.
 *
 * It nests inside the rwsem of the chain of module notifiers (held for reading:
 * module_notifier.c) and inside the kernfs reference of a file (patch_sysfs.c).
 * Taken inside it: cpu_hotplug_lock, ftrace_lock, text_mutex, kernfs_rwsem,
 * names_lock (wanted.c), a pending set's lock. Never held across kobject_put()
 * of a record whose files take it: a reader or store holds the kernfs reference
 * that the removal waits for. (The directories of nops have no such files.)
 */
extern struct mutex klpx_mutex;

void klpx_lock(void);
/* For processes: one that is killed gives up. 0 or -EINTR. */
int klpx_lock_killable(void);
void klpx_unlock(void);

#endif /* KLPX_LOCK_H */
