// SPDX-License-Identifier: GPL-2.0
/* preempt_schedule() is notrace: there is no place to hook. EINVAL. */

#include "fixture.h"

FIXTURE_VERSION_SHOW("klpx_bad_untraceable_function")
FIXTURE_PATCH(FIXTURE_FUNC("preempt_schedule", fixture_version_proc_show));
