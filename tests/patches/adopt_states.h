/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The states of adopt.h: one for each of ids, with the versions by position.
 * The previous one is logged by pre_patch of vmlinux as "x:prev:b".
 */
#ifndef KLPX_TESTS_ADOPT_STATES_H
#define KLPX_TESTS_ADOPT_STATES_H

static ulong ids[ADOPT_MAX];
static int nr_ids;
module_param_array(ids, ulong, &nr_ids, 0);
static uint versions[ADOPT_MAX];
module_param_array(versions, uint, NULL, 0);
static ulong shadow_of;
module_param(shadow_of, ulong, 0);
MODULE_PARM_DESC(shadow_of, "the variable <ID, ID> is looked for and logged");

static struct klp_state states[ADOPT_MAX + 1];

/* "x:prev:b": the state of the first id came from patch b. */
static void adopt_log_prev_state(void)
{
	struct klp_state *prev = nr_ids ? klp_get_prev_state(ids[0]) : NULL;

	if (prev)
		klpx_model_log(ADOPT_NAME, "prev", prev->data);
	if (nr_ids && klp_get_state(&patch, ids[0]) != &states[0])
		klpx_model_log(ADOPT_NAME, "state", "not_its_own");
	if (shadow_of)
		klpx_model_log(ADOPT_NAME, "shadow",
			       klp_shadow_get((void *)shadow_of, shadow_of)
				       ? "found"
				       : "none");
}

static struct klp_state *adopt_describe_states(void)
{
	int i;

	for (i = 0; i < nr_ids; i++) {
		states[i].id = ids[i];
		states[i].version = versions[i];
		states[i].data = (void *)ADOPT_NAME;
	}
	return nr_ids ? states : NULL;
}

#endif /* KLPX_TESTS_ADOPT_STATES_H */
