// SPDX-License-Identifier: GPL-2.0
/* No empty element ends the states; an invalid callback follows. */

#include "fixture.h"

static struct klpx_object objs[] = {
	{ .funcs = (struct klpx_func[]){ {} } },
	{}
};
static struct {
	struct klpx_state states[1];
	unsigned long behind[sizeof(struct klpx_state) / sizeof(long)];
} array = {
	.states = { { .id = 7 } },
	.behind = { 8, 1, 0, 0x6b6c7078 },
};
static struct klpx_patch patch = {
	.mod = THIS_MODULE, .objs = objs, .states = array.states,
};

FIXTURE_MODULE(klpx_enable_patch(&patch));
