/* SPDX-License-Identifier: GPL-2.0 */
/* What klpx_coexist_target.ko offers to its patches and its tracers. */
#ifndef KLPX_TESTS_COEXIST_H
#define KLPX_TESTS_COEXIST_H

/* What the functions of the target and their patches return. */
#define COEXIST_OLD	1
#define COEXIST_NEW	2

int klpx_coexist_value(void);
int klpx_coexist_hold(void);

/*
 * The body of hold(): serves the readers of /proc/klpx_coexist_held, until a
 * task writes to /proc/klpx_coexist_hold.
 */
void klpx_coexist_serve(void);

#endif /* KLPX_TESTS_COEXIST_H */
