// SPDX-License-Identifier: GPL-2.0
/*
 * The layout of the kernel's livepatch structures; see adopt_layout.h.
 *
 * klpx.ko is compiled with the headers of the kernel that it is for, but the
 * loader compares no more than a version string and the symbols that klpx.ko
 * imports, none of which has a struct klp_patch among its arguments.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/btf.h>
#include <linux/err.h>
#include <linux/livepatch.h>
#include <linux/string.h>

#include "adopt_layout.h"
#include "symbols.h"

struct known_member {
	const char *name;
	u32 offset;
};

struct known_struct {
	const char *name;
	u32 size;
	const struct known_member *members;
	size_t n;
};

#define MEMBER(type, member) { #member, offsetof(struct type, member) }
#define KNOWN(type, ...) {						\
	.name = #type,							\
	.size = sizeof(struct type),					\
	.members = (const struct known_member []){ __VA_ARGS__ },	\
	.n = ARRAY_SIZE(((const struct known_member []){ __VA_ARGS__ })), \
}

static const struct known_struct known_structs[] = {
	KNOWN(klp_patch,
	      MEMBER(klp_patch, mod), MEMBER(klp_patch, objs),
	      MEMBER(klp_patch, states), MEMBER(klp_patch, replace)),
	KNOWN(klp_object,
	      MEMBER(klp_object, name), MEMBER(klp_object, funcs),
	      MEMBER(klp_object, callbacks), MEMBER(klp_object, mod),
	      MEMBER(klp_object, patched)),
	KNOWN(klp_callbacks,
	      MEMBER(klp_callbacks, pre_patch),
	      MEMBER(klp_callbacks, post_patch),
	      MEMBER(klp_callbacks, pre_unpatch),
	      MEMBER(klp_callbacks, post_unpatch)),
	KNOWN(klp_func,
	      MEMBER(klp_func, old_name), MEMBER(klp_func, new_func),
	      MEMBER(klp_func, old_sympos)),
	KNOWN(klp_state,
	      MEMBER(klp_state, id), MEMBER(klp_state, version),
	      MEMBER(klp_state, data)),
};

static const struct btf_member *find_member(const struct btf *btf,
					    const struct btf_type *type,
					    const char *name)
{
	const struct btf_member *member;
	u32 i;

	for_each_member(i, type, member)
		if (!strcmp(klpx_sym_btf_name(btf, member->name_off), name))
			return member;
	return NULL;
}

static int refuse_struct(const struct known_struct *known, const char *why)
{
	pr_err("this kernel's struct %s %s: klpx.ko was built for another kernel, so patches for the kernel's livepatch cannot be adopted\n",
	       known->name, why);
	return -EOPNOTSUPP;
}

static int check_struct(const struct btf *btf, const struct known_struct *known)
{
	const struct btf_member *member;
	const struct btf_type *type;
	size_t i;
	s32 id;

	id = klpx_sym_btf_find(btf, known->name, BTF_KIND_STRUCT);
	if (id < 0)
		return refuse_struct(known, "is not in its BTF");
	type = btf_type_by_id(btf, id);
	if (type->size != known->size)
		return refuse_struct(known, "has another size");
	for (i = 0; i < known->n; i++) {
		const struct known_member *want = &known->members[i];

		member = find_member(btf, type, want->name);
		if (member && __btf_member_bit_offset(type, member) ==
			      want->offset * BITS_PER_BYTE)
			continue;
		pr_err("struct %s: '%s' is not at byte %u\n", known->name,
		       want->name, want->offset);
		return refuse_struct(known, "has other members");
	}
	return 0;
}

int klpx_check_livepatch_layout(void)
{
	const struct btf *btf = klpx_sym_btf_vmlinux();
	size_t i;
	int ret = 0;

	if (IS_ERR_OR_NULL(btf)) {
		pr_err("this kernel has no BTF, so it cannot be told whether patches for its livepatch can be adopted\n");
		return -EOPNOTSUPP;
	}
	for (i = 0; i < ARRAY_SIZE(known_structs) && !ret; i++)
		ret = check_struct(btf, &known_structs[i]);
	return ret;
}
