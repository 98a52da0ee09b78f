// SPDX-License-Identifier: GPL-2.0
/*
 * Relocations against target modules; see relocations.h.
 *
 * The loader keeps the section headers and the whole symbol table of a module
 * that is marked MODULE_INFO(livepatch, "Y"), on a kernel with
 * CONFIG_LIVEPATCH. Elsewhere there is nothing to work with, and such a patch
 * is refused.
 *
 * A symbol's value is written into the patch module's own copy of its symbol
 * table, under klpx_mutex; only the two functions here read it. The
 * kernel's apply_relocate_add() writes the code, with text_poke(), under
 * text_mutex.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/elf.h>
#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/string.h>

#include "lookup.h"
#include "relocations.h"
#include "symbols.h"

#define SECTION_PREFIX	".klp.rela."
#define SYMBOL_PREFIX	".klp.sym."

/* OBJECT out of PREFIX OBJECT '.' REST; what comes after the dot, or NULL. */
static const char *parse_object(const char *text, const char *prefix,
				char object[MODULE_NAME_LEN])
{
	size_t length = str_has_prefix(text, prefix);
	const char *dot;

	if (!length)
		return NULL;
	text += length;
	dot = strchr(text, '.');
	if (!dot || dot == text || dot - text >= MODULE_NAME_LEN)
		return NULL;
	memcpy(object, text, dot - text);
	object[dot - text] = '\0';
	return dot + 1;
}

#ifdef CONFIG_LIVEPATCH

struct parsed_symbol {
	char object[MODULE_NAME_LEN];
	char name[KSYM_NAME_LEN];
	unsigned long pos;
};

static bool parse_symbol(const char *text, struct parsed_symbol *symbol)
{
	const char *name = parse_object(text, SYMBOL_PREFIX, symbol->object);
	const char *comma = name ? strrchr(name, ',') : NULL;

	if (!comma || comma == name || comma - name >= KSYM_NAME_LEN)
		return false;
	memcpy(symbol->name, name, comma - name);
	symbol->name[comma - name] = '\0';
	return !kstrtoul(comma + 1, 10, &symbol->pos);
}

static int resolve_symbol(Elf_Sym *sym, const char *text)
{
	/* Too big for the stack; klpx_mutex is held. */
	static struct parsed_symbol symbol;
	unsigned long addr;
	int ret;

	if (sym->st_shndx != SHN_LIVEPATCH) {
		pr_err("symbol %s is not marked as a livepatch symbol\n", text);
		return -EINVAL;
	}
	if (!parse_symbol(text, &symbol)) {
		pr_err("symbol %s has an incorrectly formatted name\n", text);
		return -EINVAL;
	}
	/* The loader has written those; here it would be done on each load. */
	if (!strcmp(symbol.object, "vmlinux")) {
		pr_err("invalid access to vmlinux symbol '%s' from module-specific livepatch relocation section\n",
		       symbol.name);
		return -EINVAL;
	}
	ret = klpx_lookup(symbol.object, symbol.name, symbol.pos, &addr);
	if (!ret)
		sym->st_value = addr;
	return ret;
}

static int resolve_section(const struct module *mod, const Elf_Shdr *section)
{
	const Elf_Rela *rela = (void *)section->sh_addr;
	const Elf_Rela *end = rela + section->sh_size / sizeof(*rela);
	const struct mod_kallsyms *syms = &mod->core_kallsyms;

	for (; rela < end; rela++) {
		unsigned long index = ELF_R_SYM(rela->r_info);
		int ret;

		if (index >= syms->num_symtab) {
			pr_err("'%s': a relocation names symbol %lu of %u\n",
			       mod->name, index, syms->num_symtab);
			return -EINVAL;
		}
		ret = resolve_symbol(&syms->symtab[index],
				     syms->strtab + syms->symtab[index].st_name);
		if (ret)
			return ret;
	}
	return 0;
}

/* The object that section @i is for, in @object; false for all others. */
static bool section_object(const struct module *mod, unsigned int i,
			   char object[MODULE_NAME_LEN])
{
	const struct klp_modinfo *info = mod->klp_info;
	const Elf_Shdr *section = &info->sechdrs[i];

	return (section->sh_flags & SHF_RELA_LIVEPATCH) &&
	       parse_object(info->secstrings + section->sh_name,
			    SECTION_PREFIX, object) &&
	       strcmp(object, "vmlinux");
}

static bool section_is_for(const struct module *mod, unsigned int i,
			   const char *name)
{
	char object[MODULE_NAME_LEN];

	return section_object(mod, i, object) && !strcmp(object, name);
}

static void clear_before(struct module *mod, const char *name,
			 unsigned int end)
{
	const struct klp_modinfo *info = mod->klp_info;
	unsigned int i;

	for (i = 1; i < end; i++)
		if (section_is_for(mod, i, name))
			klpx_sym_clear_relocate_add(info->sechdrs,
						    mod->core_kallsyms.strtab,
						    info->symndx, i, mod);
}

int klpx_relocations_write(const struct klpx_lpatch *patch,
			   const struct klpx_lobject *obj)
{
	struct module *mod = patch->desc->mod;
	const struct klp_modinfo *info = mod->klp_info;
	unsigned int i;
	int ret;

	lockdep_assert_held(&klpx_mutex);
	if (!obj->name || !mod->klp)
		return 0;

	for (i = 1; i < info->hdr.e_shnum; i++) {
		if (!section_is_for(mod, i, obj->name))
			continue;
		ret = resolve_section(mod, &info->sechdrs[i]);
		if (ret) {
			clear_before(mod, obj->name, i);
			return ret;
		}
		ret = klpx_sym_apply_relocate_add(info->sechdrs,
						  mod->core_kallsyms.strtab,
						  info->symndx, i, mod);
		if (ret) {
			/*
			 * Some of this section may be written: all before the
			 * one that did not fit, which is where clearing stops.
			 */
			clear_before(mod, obj->name, i + 1);
			return ret;
		}
	}
	return 0;
}

void klpx_relocations_clear(const struct klpx_lpatch *patch,
			    const struct klpx_lobject *obj)
{
	struct module *mod = patch->desc->mod;

	lockdep_assert_held(&klpx_mutex);
	if (obj->name && mod->klp)
		clear_before(mod, obj->name, mod->klp_info->hdr.e_shnum);
}

static bool names_object(const struct klpx_patch *patch, const char *name)
{
	const struct klpx_object *obj;

	for (obj = patch->objs; obj->funcs || obj->name; obj++)
		if (obj->name && !strcmp(obj->name, name))
			return true;
	return false;
}

/*
 * Both section @i and the one it is of are there for as long as the module. The
 * loader moves none without SHF_ALLOC, and frees what belongs to init.
 */
static bool section_stays(const struct module *mod, unsigned int i)
{
	const struct klp_modinfo *info = mod->klp_info;
	const Elf_Shdr *section = &info->sechdrs[i];
	const Elf_Shdr *target;

	if (!(section->sh_flags & SHF_ALLOC) ||
	    section->sh_info >= info->hdr.e_shnum)
		return false;
	target = &info->sechdrs[section->sh_info];
	return (target->sh_flags & SHF_ALLOC) &&
	       !within_module_init(section->sh_addr, mod) &&
	       !within_module_init(target->sh_addr, mod);
}

static int check_sections(const struct klpx_patch *patch)
{
	const struct module *mod = patch->mod;
	char object[MODULE_NAME_LEN];
	unsigned int i;

	for (i = 1; i < mod->klp_info->hdr.e_shnum; i++) {
		if (!section_object(mod, i, object))
			continue;
		if (!section_stays(mod, i)) {
			pr_err("'%s': relocations for module '%s' are not in memory, or are of init code\n",
			       mod->name, object);
			return -EINVAL;
		}
		if (names_object(patch, object))
			continue;
		pr_err("'%s': has relocations for module '%s', which is none of its objects\n",
		       mod->name, object);
		return -EINVAL;
	}
	return 0;
}

bool klpx_is_marked(const struct module *mod)
{
	return mod->klp;
}

#else /* !CONFIG_LIVEPATCH */

int klpx_relocations_write(const struct klpx_lpatch *patch,
			   const struct klpx_lobject *obj)
{
	return 0;
}

void klpx_relocations_clear(const struct klpx_lpatch *patch,
			    const struct klpx_lobject *obj)
{
}

static int check_sections(const struct klpx_patch *patch)
{
	return 0;
}

bool klpx_is_marked(const struct module *mod)
{
	return false;
}

#endif

/* Its module_init() runs: the loader's whole symbol table is still there. */
static int refuse_unmarked(const struct module *mod)
{
	const struct mod_kallsyms *syms = rcu_dereference_raw(mod->kallsyms);
	char object[MODULE_NAME_LEN];
	unsigned int i;

	for (i = 1; i < syms->num_symtab; i++) {
		const char *name = syms->strtab + syms->symtab[i].st_name;

		if (syms->symtab[i].st_shndx != SHN_LIVEPATCH ||
		    !parse_object(name, SYMBOL_PREFIX, object))
			continue;
		/* The loader has written those, or has no code to do it. */
		if (IS_ENABLED(CONFIG_LIVEPATCH) && !strcmp(object, "vmlinux"))
			continue;
		pr_err("'%s': symbol %s needs a relocation for '%s': that takes MODULE_INFO(livepatch, \"Y\") and a kernel with CONFIG_LIVEPATCH\n",
		       mod->name, name, object);
		return -EINVAL;
	}
	return 0;
}

int klpx_relocations_check(const struct klpx_patch *patch)
{
	return klpx_is_marked(patch->mod) ? check_sections(patch) :
					    refuse_unmarked(patch->mod);
}
