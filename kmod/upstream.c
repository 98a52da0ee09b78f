// SPDX-License-Identifier: GPL-2.0
/*
 * What sources written for the kernel's livepatch ask of it beside patches;
 * klpx/upstream.h has the names they use.
 */
#include <linux/elf.h>
#include <linux/module.h>
#include <linux/string.h>

#include <klpx/livepatch.h>

void *klpx_find_section(const struct module *mod, const char *name,
			size_t *size)
{
#ifdef CONFIG_LIVEPATCH
	const struct klp_modinfo *info = mod->klp_info;
	unsigned int i;

	for (i = 1; info && i < info->hdr.e_shnum; i++) {
		const Elf_Shdr *section = &info->sechdrs[i];

		/*
		 * Only the header of other sections is kept: it points to freed
		 * memory.
		 */
		if (!(section->sh_flags & SHF_ALLOC) ||
		    strcmp(info->secstrings + section->sh_name, name))
			continue;
		*size = section->sh_size;
		return (void *)section->sh_addr;
	}
#endif
	*size = 0;
	return NULL;
}
EXPORT_SYMBOL_GPL(klpx_find_section);
