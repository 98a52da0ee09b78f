// SPDX-License-Identifier: GPL-2.0
/*
 * A description for the kernel's own livepatch that is wrong where what= says:
 * absent, a pointer to nothing or to something else, without an end, or gone
 * when module_init() has returned. "nothing" and what only the author may get
 * away with, "freed", are accepted.
 */

#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("klpx test fixture");
MODULE_INFO(livepatch, "Y");

#if IS_ENABLED(CONFIG_LIVEPATCH)

static char *what = "nothing";
module_param(what, charp, 0);

static int bad_version_proc_show(struct seq_file *m, void *v)
{
	seq_puts(m, "klpx_adopt_bad\n");
	return 0;
}

static int __init init_show(struct seq_file *m, void *v)
{
	return 0;
}

struct description {
	struct klp_func funcs[2];
	struct klp_object objs[2];
	struct klp_state states[2];
	struct klp_patch patch;
};
static struct description kept = {
	.funcs = { { .old_name = "version_proc_show",
		     .new_func = bad_version_proc_show } },
	.objs = { { .funcs = kept.funcs } },
	.states = { { .id = 7 } },
	.patch = { .mod = THIS_MODULE,
		   .objs = kept.objs,
		   .states = kept.states },
};
static struct description in_init __initdata;
static char data[32] = "no code";

/* What follows an array that has no end. */
static struct {
	struct klp_func funcs[1];
	unsigned long behind[sizeof(struct klp_func) / sizeof(long)];
} no_end = {
	.funcs = { { .old_name = "version_proc_show",
		     .new_func = bad_version_proc_show } },
	.behind = { 0x6b6c7078, 0x6b6c7078, 1 },
};
static struct {
	struct klp_object objs[1];
	unsigned long behind[sizeof(struct klp_object) / sizeof(long)];
} objs_no_end = {
	.objs = { { .funcs = kept.funcs } },
	.behind = { 0x6b6c7078, 0x6b6c7078 },
};

static bool __init is(const char *word)
{
	return !strcmp(what, word);
}

static void __init spoil_functions(char *last)
{
	struct klp_func *func = kept.funcs;

	if (is("no_name"))
		func->old_name = NULL;
	if (is("no_new_func"))
		func->new_func = NULL;
	if (is("name"))
		func->old_name = last;
	if (is("odd_name"))
		func->old_name = "version\nklpx: forged";
	if (is("unknown"))
		func->old_name = "klpx_there_is_no_such_function";
	if (is("middle"))
		func->new_func = (void *)bad_version_proc_show + 5;
	if (is("data"))
		func->new_func = data;
	if (is("init_func"))
		func->new_func = init_show;
	if (is("no_end"))
		kept.objs[0].funcs = no_end.funcs;
}

static void __init spoil_objects(char *last)
{
	struct klp_object *obj = kept.objs;

	if (is("no_funcs"))
		obj->name = "klpx_model_target", obj->funcs = NULL;
	if (is("object_name"))
		obj->name = last;
	if (is("object_odd"))
		obj->name = "klpx\nklpx: forged";
	if (is("funcs"))
		obj->funcs = (void *)last;
	if (is("init_funcs"))
		obj->funcs = in_init.funcs;
	if (is("callback"))
		obj->callbacks.pre_patch = (void *)data;
	if (is("callback_middle"))
		obj->callbacks.pre_patch = (void *)vfree + 5;
}

static void __init spoil_patch(char *last)
{
	struct klp_patch *patch = &kept.patch;

	if (is("no_objs"))
		patch->objs = NULL;
	if (is("objs"))
		patch->objs = (void *)last;
	if (is("objs_no_end"))
		patch->objs = objs_no_end.objs;
	if (is("init_objs"))
		patch->objs = in_init.objs;
	if (is("states"))
		patch->states = (void *)last;
	if (is("init_states"))
		patch->states = in_init.states;
	if (is("no_mod"))
		patch->mod = NULL;
	if (is("mod"))
		patch->mod = (void *)last;
	if (is("mod_data"))
		patch->mod = (void *)data;
}

/* A copy on the heap that is overwritten and freed once it is enabled. */
static int __init enable_freed(void)
{
	struct description *heap = kmemdup(&kept, sizeof(kept), GFP_KERNEL);
	int ret;

	if (!heap)
		return -ENOMEM;
	heap->objs[0].funcs = heap->funcs;
	heap->patch.objs = heap->objs;
	heap->patch.states = NULL;
	ret = klp_enable_patch(&heap->patch);
	memset(heap, 0x5a, sizeof(*heap));
	kfree(heap);
	return ret;
}

static int __init enable(char *last)
{
	struct klp_patch on_stack;

	spoil_functions(last);
	spoil_objects(last);
	spoil_patch(last);
	in_init = kept;
	on_stack = kept.patch;
	if (is("no_patch"))
		return klp_enable_patch(NULL);
	if (is("patch"))
		return klp_enable_patch((void *)last);
	if (is("stack"))
		return klp_enable_patch(&on_stack);
	if (is("init_patch"))
		return klp_enable_patch(&in_init.patch);
	if (is("freed"))
		return enable_freed();
	return klp_enable_patch(&kept.patch);
}

static int __init bad_init(void)
{
	/* It is followed by a page that is not mapped. */
	char *page = vmalloc(PAGE_SIZE);
	int ret;

	if (!page)
		return -ENOMEM;
	memset(page, 'a', PAGE_SIZE);
	ret = enable(page + PAGE_SIZE - 8);
	vfree(page);
	return ret;
}

#else
static int __init bad_init(void)
{
	return 0;
}
#endif

static void __exit bad_exit(void)
{
}

module_init(bad_init);
module_exit(bad_exit);
