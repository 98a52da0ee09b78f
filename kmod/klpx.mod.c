#include <linux/module.h>
#include <linux/export-internal.h>
#include <linux/compiler.h>

MODULE_INFO(name, KBUILD_MODNAME);

__visible struct module __this_module
__section(".gnu.linkonce.this_module") = {
	.name = KBUILD_MODNAME,
	.init = init_module,
#ifdef CONFIG_MODULE_UNLOAD
	.exit = cleanup_module,
#endif
	.arch = MODULE_ARCH_INIT,
};

KSYMTAB_FUNC(klpx_enable_patch, "_gpl", "");
KSYMTAB_FUNC(klpx_get_state, "_gpl", "");
KSYMTAB_FUNC(klpx_get_prev_state, "_gpl", "");
KSYMTAB_FUNC(klpx_shadow_get, "_gpl", "");
KSYMTAB_FUNC(klpx_shadow_alloc, "_gpl", "");
KSYMTAB_FUNC(klpx_shadow_get_or_alloc, "_gpl", "");
KSYMTAB_FUNC(klpx_shadow_free, "_gpl", "");
KSYMTAB_FUNC(klpx_shadow_free_all, "_gpl", "");

MODULE_INFO(depends, "");


MODULE_INFO(srcversion, "7B8CF837CF6FFD967233AE4");
