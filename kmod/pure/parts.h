/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which symbols are parts of a function that the compiler has moved away from
 * it, by their names. Knows no addresses. Used by klpx.ko and by the
 * controller.
 */
#ifndef KLPX_PURE_PARTS_H
#define KLPX_PURE_PARTS_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stddef.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

/*
 * @symbol, of @length bytes, is a part of each function NAME for which it reads
 * NAME.cold, NAME.part or NAME.__part, with or without more behind a dot. Such
 * names come from gcc (NAME.cold, NAME.cold.3, NAME.part.0, NAME.part.0.cold,
 * with NAME itself as in do_open.isra.0) and from clang (NAME.cold,
 * NAME.cold.1, NAME.__part.2).
 *
 * Returns the length of the shortest such NAME that is longer than @after, or 0
 * if there is none: start with 0, go on with what was returned.
 */
size_t klpx_part_of(const char *symbol, size_t length, size_t after);

#ifdef __cplusplus
}
#endif

#endif /* KLPX_PURE_PARTS_H */
