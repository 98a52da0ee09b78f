// SPDX-License-Identifier: GPL-2.0
/*
 * A patch module that is right but for one thing, which is named by the macro
 * it is compiled with. Arrays that have no end are the last of their section.
 */
#include "module_head.h"

#define OPEN { .old_name = "do_open", .new_func = new_open }

static int new_open(void)
{
	return 1;
}

#ifdef FUNCTIONS_WITHOUT_END
SECTION(".data.functions")
static struct klpx_func funcs[] = { OPEN };
#elif defined(FUNCTIONS_IN_THOUSANDS)
static struct klpx_func funcs[] = { [0 ... 69999] = OPEN, {} };
#elif defined(FUNCTION_WITHOUT_NAME)
static struct klpx_func funcs[] = { OPEN, { .new_func = new_open }, {} };
#elif defined(FUNCTION_WITH_ODD_NAME)
static struct klpx_func funcs[] = { OPEN,
				    { .old_name = "\033[2J",
				      .new_func = new_open },
				    {} };
#elif defined(FUNCTION_NAME_OUTSIDE)
static struct klpx_func funcs[] = { OPEN,
				    { .old_name = "x" + 0x10000000,
				      .new_func = new_open },
				    {} };
#else
static struct klpx_func funcs[] = { OPEN, {} };
#endif

/* In .bss; not in every module. */
__attribute__((unused)) static struct klpx_func no_funcs[] = { {} };

#ifdef OBJECTS_WITHOUT_END
SECTION(".data.objects")
static struct klpx_object objects[] = { { .funcs = funcs } };
#elif defined(OBJECTS_IN_THOUSANDS)
static struct klpx_object objects[] = { [0 ... 4999] = { .funcs = funcs }, {} };
#elif defined(OBJECT_WITHOUT_FUNCTIONS)
static struct klpx_object objects[] = { { .funcs = funcs },
					{ .name = "other" },
					{} };
#elif defined(OBJECT_FUNCTIONS_OUTSIDE)
static struct klpx_object objects[] = {
	{ .funcs = funcs },
	{ .name = "other", .funcs = funcs + 0x10000000 },
	{}
};
#elif defined(OBJECT_FUNCTIONS_ARE_CODE)
static struct klpx_object objects[] = { { .funcs = funcs },
					{ .name = "other",
					  .funcs = (void *)new_open },
					{} };
#else
static struct klpx_object objects[] = { { .funcs = funcs },
					{ .name = "empty", .funcs = no_funcs },
					{} };
#endif

#ifdef STATES_WITHOUT_END
SECTION(".data.states")
static struct klpx_state states[] = { { .id = 7 } };
#elif defined(STATES_IN_THOUSANDS)
static struct klpx_state states[] = { [0 ... 4999] = { .id = 7 }, {} };
#elif defined(STATE_NAME_OUTSIDE)
static struct klpx_state states[] = { { .id = 7, .name = "x" + 0x10000000 },
				      {} };
#else
static struct klpx_state states[] = { { .id = 7 }, {} };
#endif

struct klpx_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
	.states = states,
#ifdef MODEL_UNKNOWN
	.model = (enum klpx_model)9,
#endif
};

int init_module(void)
{
	return klpx_enable_patch(&patch);
}
