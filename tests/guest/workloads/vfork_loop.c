// SPDX-License-Identifier: GPL-2.0
/* Parents asleep, not to be woken by a signal, until their child has gone. */
#define _GNU_SOURCE
#include "storm.h"
#include "vfork_once.h"

int main(void)
{
	return run_storm("vfork_loop", vfork_once);
}
