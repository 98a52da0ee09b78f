/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Between klpx_enable_patch() and the return of module_init(): everything that
 * can fail is done, every task is on the old side and stays there. klpx_mutex
 * held throughout.
 */
#ifndef KLPX_WAITING_H
#define KLPX_WAITING_H

/* The transition to a patch is prepared; it waits from here on. */
void klpx_waiting_start(void);

/* module_init() of @mod has succeeded: tasks begin to be switched. */
void klpx_waiting_end(const struct module *mod);

/* It will not: everything is taken back, the patch is retired. */
void klpx_waiting_give_up(void);

/* The worker's part, a pass; again in the milliseconds returned. */
unsigned int klpx_waiting_pass(void);

#endif /* KLPX_WAITING_H */
