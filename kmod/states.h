/* SPDX-License-Identifier: GPL-2.0 */
/*
 * States: what patches change in the system beside its code, and whether two
 * patches fit together. A state is in the system as long as one patch on the
 * machine has it. klpx_mutex held throughout; callbacks may sleep.
 */
#ifndef KLPX_STATES_H
#define KLPX_STATES_H

#include "records.h"

/* Against the patches installed; @patch is not on the list. */
bool klpx_states_compatible(const struct klpx_lpatch *patch);

/* Disabling @patch would take away a state that cannot be taken away. */
bool klpx_states_block_disable(const struct klpx_lpatch *patch);

/*
 * The state @id of the latest patch before the one in transition that has it;
 * that patch in *@of. NULL: none has it.
 */
struct klpx_state *klpx_states_find_prev(unsigned long id,
					 const struct klpx_lpatch **of);

/*
 * The callbacks, at the points of a transition of @patch. The _replaced ones
 * are for the states that the patches it replaces have and it has not.
 */
int klpx_states_pre_patch(struct klpx_lpatch *patch);
void klpx_states_post_patch(struct klpx_lpatch *patch);
void klpx_states_pre_unpatch(struct klpx_lpatch *patch);
void klpx_states_post_unpatch(struct klpx_lpatch *patch);
void klpx_states_pre_unpatch_replaced(struct klpx_lpatch *patch);
void klpx_states_post_unpatch_replaced(struct klpx_lpatch *patch);
void klpx_states_post_patch_replaced(struct klpx_lpatch *patch);

#endif /* KLPX_STATES_H */
