/* SPDX-License-Identifier: GPL-2.0 */
/* What klpx_model_helper.ko offers to the other klpx_model_ modules. */
#ifndef KLPX_TESTS_MODEL_HELPER_H
#define KLPX_TESTS_MODEL_HELPER_H

/* Adds the word "NAME:WHAT:ON" to its parameter text; from any context. */
void klpx_model_log(const char *name, const char *what, const char *on);

/* Sleeps until a signal, real or fake. */
void klpx_model_sleep(void);

#endif /* KLPX_TESTS_MODEL_HELPER_H */
