/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The names that a patch's description may hold: one rule for klpx.ko, which
 * refuses the patch, and for klp-controller, which says so beforehand. Text in,
 * verdict out; C and C++, and nothing of either's library.
 */
#ifndef KLPX_NAMES_H
#define KLPX_NAMES_H

#include <klpx/abi.h>

/* Longest name of a symbol, with the final NUL: KSYM_NAME_LEN. */
#define KLPX_SYMBOL_LEN		512
/* Longest name of a state, with the final NUL. */
#define KLPX_STATE_NAME_LEN	512

/* What the name of an object is. */
enum klpx_object_name {
	KLPX_OBJECT_OK,
	KLPX_OBJECT_EMPTY,
	KLPX_OBJECT_TOO_LONG,
	/* A file name: with '-', ',', '.' or '/', which no loaded module has. */
	KLPX_OBJECT_FILE,
	/* Has characters that are no part of any name. */
	KLPX_OBJECT_ODD,
	/* "vmlinux" (an object without a name means that), or klpx.ko. */
	KLPX_OBJECT_NO_TARGET,
	/*
	 * A file in the directory of the patch, where the object's has to be.
	 */
	KLPX_OBJECT_RESERVED,
};

/*
 * What the directory of a patch holds beside its objects: the files that
 * patch_sysfs.c makes, which counts them, and "states".
 * test_patch_description.sh compares the names.
 */
#define KLPX_RESERVED_NAMES \
	"enabled", "transition", "waits_for_init", "force", "replace", \
	"replace_set", "model", "stack_order", "version", "adopted", "forced", \
	"target", "tasks", "pending", "elapsed_ms", "retries", "fastpath", \
	"fastpath_functions", "signal", "signal_task", "force_task", "kick", \
	"states"

static inline int klpx_same_name(const char *a, const char *b)
{
	for (; *a && *a == *b; a++)
		b++;
	return *a == *b;
}

static inline int klpx_is_reserved_name(const char *name)
{
	static const char *const reserved[] = { KLPX_RESERVED_NAMES };
	unsigned int i;

	for (i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (klpx_same_name(name, reserved[i]))
			return 1;
	return 0;
}

/* kbuild makes '_' of '-' and ','; what follows a '.' is the file's. */
static inline int klpx_is_of_file(char c)
{
	return c == '-' || c == ',' || c == '.' || c == '/';
}

static inline enum klpx_object_name klpx_judge_object_name(const char *name)
{
	enum klpx_object_name verdict = KLPX_OBJECT_OK;
	unsigned int i;

	if (!name[0])
		return KLPX_OBJECT_EMPTY;
	for (i = 0; name[i]; i++) {
		if (i == KLPX_PATCH_NAME_LEN - 1)
			return KLPX_OBJECT_TOO_LONG;
		if (name[i] <= ' ' || name[i] > '~')
			return KLPX_OBJECT_ODD;
		if (klpx_is_of_file(name[i]))
			verdict = KLPX_OBJECT_FILE;
	}
	if (klpx_same_name(name, "vmlinux") ||
	    klpx_same_name(name, KLPX_MODULE_NAME))
		return KLPX_OBJECT_NO_TARGET;
	return klpx_is_reserved_name(name) ? KLPX_OBJECT_RESERVED : verdict;
}

/*
 * The module that is meant by the name of a file: what is loaded of
 * dir/bug-target.ko.xz is bug_target. "" if there is none in it.
 */
static inline void klpx_meant_module(const char *name,
				     char meant[KLPX_PATCH_NAME_LEN])
{
	const char *start = name, *c;
	unsigned int i = 0;

	for (c = name; *c; c++)
		if (*c == '/')
			start = c + 1;
	for (c = start; *c && *c != '.' && i < KLPX_PATCH_NAME_LEN - 1; c++)
		meant[i++] = *c == '-' || *c == ',' ? '_' : *c;
	meant[i] = '\0';
}

/* The name of a function, as /proc/kallsyms may have it. */
static inline int klpx_is_symbol_name(const char *name)
{
	unsigned int i;

	for (i = 0; name[i] && i < KLPX_SYMBOL_LEN; i++) {
		const char c = name[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != '_' && c != '.' && c != '$')
			return 0;
	}
	return i > 0 && i < KLPX_SYMBOL_LEN;
}

/* The name of a state is text for people, on one line. */
static inline int klpx_is_state_name(const char *name)
{
	unsigned int i;

	for (i = 0; name[i] && i < KLPX_STATE_NAME_LEN; i++)
		if ((unsigned char)name[i] < ' ' || name[i] == 0x7f)
			return 0;
	return i < KLPX_STATE_NAME_LEN;
}

#endif /* KLPX_NAMES_H */
