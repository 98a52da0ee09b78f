/* SPDX-License-Identifier: GPL-2.0 */
/* Are the structures of the running kernel's livepatch those we know? */
#ifndef KLPX_ADOPT_LAYOUT_H
#define KLPX_ADOPT_LAYOUT_H

/*
 * Compares what klpx.ko was compiled with, as far as it reads or writes it, to
 * the BTF of the running kernel. 0, or -EOPNOTSUPP after naming the first
 * difference. May sleep.
 */
int klpx_check_livepatch_layout(void);

#endif /* KLPX_ADOPT_LAYOUT_H */
