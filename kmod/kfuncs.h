/* SPDX-License-Identifier: GPL-2.0 */
/* Functions that BPF programs may call. */
#ifndef KLPX_KFUNCS_H
#define KLPX_KFUNCS_H

int klpx_kfuncs_init(void);

#endif /* KLPX_KFUNCS_H */
