// SPDX-License-Identifier: GPL-2.0
/*
 * Calls every function of the shadow variable API in its init; loads if all
 * answers were right.
 */

#include "fixture.h"

#define ID 1
#define OTHER_ID 2
#define CHECK(what)                                                            \
	do {                                                                   \
		if (!(what)) {                                                 \
			pr_info("line %d: not so: %s\n", __LINE__, #what);     \
			return -EIO;                                           \
		}                                                              \
	} while (0)

static int objects[3];
static int destroyed;

static int construct(void *obj, void *data, void *value)
{
	*(int *)data = *(int *)value;
	return *(int *)value < 0 ? *(int *)value : 0;
}

static void destroy(void *obj, void *data)
{
	destroyed += *(int *)data;
}

static int use(void)
{
	int good = 5, better = 6, bad = -ENODEV, *one, *two;

	CHECK(!klpx_shadow_get(&objects[0], ID));
	one = klpx_shadow_alloc(&objects[0], ID, sizeof(int), GFP_KERNEL,
				construct, &good);
	CHECK(one && *one == 5);
	CHECK(klpx_shadow_get(&objects[0], ID) == one);
	CHECK(!klpx_shadow_get(&objects[0], OTHER_ID));
	CHECK(!klpx_shadow_get(&objects[1], ID));
	CHECK(klpx_shadow_get_or_alloc(&objects[0], ID, sizeof(int), GFP_KERNEL,
				       construct, &better) == one && *one == 5);
	two = klpx_shadow_get_or_alloc(&objects[1], ID, sizeof(int), GFP_KERNEL,
				       construct, &better);
	CHECK(two && two != one && *two == 6);
	CHECK(!klpx_shadow_alloc(&objects[2], ID, sizeof(int), GFP_KERNEL,
				 construct, &bad));
	CHECK(!klpx_shadow_get(&objects[2], ID));
	two = klpx_shadow_alloc(&objects[0], OTHER_ID, 64, GFP_KERNEL, NULL,
				NULL);
	CHECK(two && !memchr_inv(two, 0, 64) && IS_ALIGNED((ulong)two, 8));

	klpx_shadow_free(&objects[2], ID, destroy);
	klpx_shadow_free(&objects[0], ID, destroy);
	CHECK(destroyed == 5 && !klpx_shadow_get(&objects[0], ID));
	klpx_shadow_free_all(ID, destroy);
	CHECK(destroyed == 11 && !klpx_shadow_get(&objects[1], ID));
	CHECK(klpx_shadow_get(&objects[0], OTHER_ID) == two);
	klpx_shadow_free_all(OTHER_ID, NULL);
	CHECK(!klpx_shadow_get(&objects[0], OTHER_ID));
	return 0;
}

FIXTURE_MODULE(use());
