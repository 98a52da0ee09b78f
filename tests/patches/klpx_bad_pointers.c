// SPDX-License-Identifier: GPL-2.0
/* A pointer to nothing, or to something of the wrong kind: EINVAL. */

#include <linux/string.h>
#include <linux/vmalloc.h>
#include "fixture.h"

static char *what = "nothing";
module_param(what, charp, 0);

FIXTURE_VERSION_SHOW("klpx_bad_pointers")

static char data[32] = "no code";
static struct klpx_func funcs[] = {
	FIXTURE_FUNC("version_proc_show", fixture_version_proc_show),
	{}
};
static struct klpx_object objs[] = { { .funcs = funcs }, {} };
static struct klpx_state states[] = { { .id = 7 }, {} };
static struct klpx_patch patch = {
	.mod = THIS_MODULE, .objs = objs, .states = states,
};

static bool __init is(const char *word)
{
	return !strcmp(what, word);
}

static int __init enable(void)
{
	/* It is followed by a page that is not mapped. */
	char *page = vmalloc(PAGE_SIZE);
	char *last = page + PAGE_SIZE - 8;
	int ret;

	if (!page)
		return -ENOMEM;
	memset(page, 'a', PAGE_SIZE);
	if (is("name"))
		funcs[0].old_name = last;
	if (is("object_name"))
		objs[0].name = last;
	if (is("state_name"))
		states[0].name = last;
	if (is("funcs"))
		objs[0].funcs = (void *)last;
	if (is("objs"))
		patch.objs = (void *)last;
	if (is("states"))
		patch.states = (void *)last;
	if (is("middle"))
		funcs[0].new_func = (void *)fixture_version_proc_show + 5;
	if (is("data"))
		funcs[0].new_func = data;
	if (is("callback"))
		objs[0].callbacks.pre_patch = (void *)data;
	if (is("callback_middle"))
		objs[0].callbacks.pre_patch = (void *)vfree + 5;
	if (is("odd_name"))
		funcs[0].old_name = "version\nklpx: forged";
	if (is("odd_state"))
		states[0].name = "seven\nklpx: forged";
	if (is("module"))
		patch.mod = (void *)last;
	ret = klpx_enable_patch(is("patch") ? (void *)last : &patch);
	vfree(page);
	return ret;
}

FIXTURE_MODULE(enable());
