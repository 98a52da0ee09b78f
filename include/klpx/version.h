/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The version of klpx, in this one place: CMakeLists.txt reads it for the
 * controller, klpx.ko includes it.
 */
#ifndef KLPX_VERSION_H
#define KLPX_VERSION_H

#define KLPX_VERSION "0.1.0"

#endif /* KLPX_VERSION_H */
