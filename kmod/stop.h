/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The model of kpatch's core module: every task changes its side at the same
 * instant, with all CPUs stopped, or none does.
 */
#ifndef KLPX_STOP_H
#define KLPX_STOP_H

/*
 * Switch every task to the target of the prepared transition. Its versions are
 * in place and in transition, the gate is shut. klpx_mutex held; sleeps.
 *
 * -EBUSY: somebody is in the way; every task and function is named in the log.
 * -ENOMEM: a fork meanwhile could not be followed.
 */
int klpx_stop_switch(void);

#endif /* KLPX_STOP_H */
