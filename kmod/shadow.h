/* SPDX-License-Identifier: GPL-2.0 */
/* Shadow variables; the functions for patches are in klpx/livepatch.h. */
#ifndef KLPX_SHADOW_H
#define KLPX_SHADOW_H

/* Frees what patches have left behind; without CONFIG_LIVEPATCH only. */
void klpx_shadow_exit(void);

#endif /* KLPX_SHADOW_H */
