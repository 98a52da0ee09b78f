/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The states of model.h: one for each of ids, with the other parameters by
 * position. State callbacks are logged as "a:state_pre_patch:7"; a state with
 * is_shadow creates the variable <id, id>.
 */
#ifndef KLPX_TESTS_MODEL_STATES_H
#define KLPX_TESTS_MODEL_STATES_H

static ulong ids[MODEL_MAX];
static int nr_ids;
module_param_array(ids, ulong, &nr_ids, 0);
static uint versions[MODEL_MAX];
module_param_array(versions, uint, NULL, 0);
static char *names[MODEL_MAX];
module_param_array(names, charp, NULL, 0);
static bool block_disable;
module_param(block_disable, bool, 0);
static bool shadow;
module_param(shadow, bool, 0);
static bool state_callbacks;
module_param(state_callbacks, bool, 0);
static int state_errors[MODEL_MAX];
module_param_array(state_errors, int, NULL, 0);

static struct klpx_state states[MODEL_MAX + 1];

static void model_log_state(const char *what, unsigned long id)
{
	char number[24];

	snprintf(number, sizeof(number), "%lu", id);
	klpx_model_log(MODEL_NAME, what, number);
}

/* "a:prev:b": the state of the first id came from patch b. */
static void model_log_prev_state(void)
{
	struct klpx_state *prev = nr_ids ? klpx_get_prev_state(ids[0]) : NULL;

	if (prev)
		klpx_model_log(MODEL_NAME, "prev", prev->data);
}

#define MODEL_STATE_CALLBACK(verb)                                             \
	static void model_state_##verb(struct klpx_patch *patch,               \
				       struct klpx_state *state)               \
	{                                                                      \
		model_log_state("state_" #verb, state->id);                    \
	}
MODEL_STATE_CALLBACK(post_patch)
MODEL_STATE_CALLBACK(pre_unpatch)
MODEL_STATE_CALLBACK(post_unpatch)

static int model_state_pre_patch(struct klpx_patch *patch,
				 struct klpx_state *state)
{
	model_log_state("state_pre_patch", state->id);
	if (klpx_get_state(patch, state->id) != state)
		return -EIO;
	if (shadow && !klpx_shadow_alloc((void *)state->id, state->id, 8,
					 GFP_KERNEL, NULL, NULL))
		return -EIO;
	return state_errors[state - states];
}

static void model_shadow_dtor(void *obj, void *data)
{
	model_log_state("dtor", (unsigned long)obj);
}

static struct klpx_state *model_describe_states(void)
{
	struct klpx_state *state;

	for (state = states; state < states + nr_ids; state++) {
		state->id = ids[state - states];
		state->version = versions[state - states];
		state->name = names[state - states];
		state->data = (void *)MODEL_NAME;
		state->block_disable = block_disable;
		state->is_shadow = shadow;
		if (shadow)
			state->callbacks.shadow_dtor = model_shadow_dtor;
		if (!state_callbacks)
			continue;
		state->callbacks.pre_patch = model_state_pre_patch;
		state->callbacks.post_patch = model_state_post_patch;
		state->callbacks.pre_unpatch = model_state_pre_unpatch;
		state->callbacks.post_unpatch = model_state_post_unpatch;
	}
	return nr_ids ? states : NULL;
}

#endif /* KLPX_TESTS_MODEL_STATES_H */
