/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses of symbols, exported or not, of the kernel or of one module. */
#ifndef KLPX_LOOKUP_H
#define KLPX_LOOKUP_H

/*
 * The symbol @name of @objname (NULL: vmlinux), the @sympos-th of that name, or
 * the only one if that is 0. -EINVAL, with the reason in the log. May sleep.
 */
int klpx_lookup(const char *objname, const char *name, unsigned long sympos,
		unsigned long *addr);

#endif /* KLPX_LOOKUP_H */
