// SPDX-License-Identifier: GPL-2.0
/* Parents that sleep uninterruptibly until their child has exited. */
#define _GNU_SOURCE
#include "storm.h"
#include "vfork_once.h"

int main(void)
{
	return run_storm("vfork_loop", vfork_once);
}
