/* SPDX-License-Identifier: GPL-2.0 */
/* What every module file has, patch or not; once in each test module. */
#ifndef KLPX_TESTS_UNIT_DATA_MODULE_HEAD_H
#define KLPX_TESTS_UNIT_DATA_MODULE_HEAD_H

#include <klpx/livepatch.h>

void cleanup_module(void);
void cleanup_module(void) {}

#define SECTION(name) __attribute__((section(name), used))

SECTION(".modinfo")
static const char modinfo[] =
    "name=test_fix\0"
    "vermagic=6.12.0-test SMP mod_unload \0"
    "license=GPL\0"
    "depends=klpx,other\0"
    "description=a test";

SECTION(".gnu.linkonce.this_module") struct module __this_module;

SECTION(".note.gnu.build-id")
static const unsigned char build_id[] = {4, 0, 0, 0,   2,   0,   0, 0,    3,
                                         0, 0, 0, 'G', 'N', 'U', 0, 0xab, 0xcd};

#endif
