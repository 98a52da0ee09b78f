// SPDX-License-Identifier: GPL-2.0
/*
 * Two replacements with prototypes other than the originals': one has one
 * argument less, the other has them in reverse order. Never loaded.
 */

#include "fixture.h"

static int short_version_proc_show(struct seq_file *m)
{
	seq_puts(m, "klpx_bad_prototype\n");
	return 0;
}

static int turned_cmdline_proc_show(void *v, struct seq_file *m)
{
	return m ? 0 : 1;
}

FIXTURE_PATCH(FIXTURE_FUNC("version_proc_show", short_version_proc_show),
	      FIXTURE_FUNC("cmdline_proc_show", turned_cmdline_proc_show));
