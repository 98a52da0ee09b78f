// SPDX-License-Identifier: GPL-2.0
/* No empty element ends the objects; an invalid array of functions follows. */

#include "fixture.h"

static const char behind_name[] = "klpx_model_target";

static struct {
	struct klpx_object objs[1];
	unsigned long behind[sizeof(struct klpx_object) / sizeof(long)];
} array = {
	.objs = { { .funcs = (struct klpx_func[]){ {} } } },
	.behind = { (unsigned long)behind_name, 0x6b6c7078 },
};
static struct klpx_patch patch = { .mod = THIS_MODULE, .objs = array.objs };

FIXTURE_MODULE(klpx_enable_patch(&patch));
