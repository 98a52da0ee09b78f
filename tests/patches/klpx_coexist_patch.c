// SPDX-License-Identifier: GPL-2.0
/*
 * Both functions of klpx_coexist_target return another number. Written for the
 * kernel's livepatch, so that both engines get the same source.
 */

#include <klpx/upstream.h>

#include "klpx_coexist_upstream.c"
