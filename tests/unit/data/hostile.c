// SPDX-License-Identifier: GPL-2.0
/*
 * A patch module that is right but for one thing, which is named by the macro
 * it is compiled with. Arrays that have no end are the last of their section;
 * those "at most" are as long as they may be.
 */
#include "module_head.h"

#define OPEN {.old_name = "do_open", .new_func = NEW_OPEN}

#ifdef REPLACEMENT_IN_INIT
SECTION(".init.text")
#endif
static int new_open(void) { return 1; }

/* The replacement of the only function; by default new_open(). */
__attribute__((unused)) static int no_function = 1;
int other_module(void);

#ifdef REPLACEMENT_IN_MIDDLE
#define NEW_OPEN ((char*)new_open + 4)
#elif defined(REPLACEMENT_IS_DATA)
#define NEW_OPEN (&no_function)
#elif defined(REPLACEMENT_ELSEWHERE)
#define NEW_OPEN other_module
#elif defined(REPLACEMENT_MISSING)
#define NEW_OPEN 0
#else
#define NEW_OPEN new_open
#endif

#ifdef FUNCTIONS_WITHOUT_END
SECTION(".data.functions")
static struct klpx_func funcs[] = {OPEN};
#elif defined(FUNCTIONS_IN_THOUSANDS)
static struct klpx_func funcs[] = {[0 ... 69999] = OPEN, {}};
#elif defined(FUNCTIONS_AT_MOST) || defined(FUNCTIONS_OF_TWO) || \
    defined(FUNCTIONS_SHARED)
static struct klpx_func funcs[] = {[0 ... KLPX_MAX_FUNCTIONS - 1] = OPEN, {}};
#elif defined(FUNCTION_WITHOUT_NAME)
static struct klpx_func funcs[] = {OPEN, {.new_func = new_open}, {}};
#elif defined(FUNCTION_WITH_ODD_NAME)
static struct klpx_func funcs[] = {
    OPEN, {.old_name = "\033[2J", .new_func = new_open}, {}};
#elif defined(FIRST_FUNCTION_ODD)
static struct klpx_func funcs[] = {
    {.old_name = "\033[2J", .new_func = new_open}, {}};
#elif defined(FUNCTIONS_IN_INIT)
SECTION(".init.data") static struct klpx_func funcs[] = {OPEN, {}};
#elif defined(FUNCTION_NAME_OUTSIDE)
static struct klpx_func funcs[] = {
    OPEN, {.old_name = "x" + 0x10000000, .new_func = new_open}, {}};
#else
static struct klpx_func funcs[] = {OPEN, {}};
#endif

/* In .bss; not in every module. */
__attribute__((unused)) static struct klpx_func no_funcs[] = {{}};

#ifdef OBJECTS_WITHOUT_END
SECTION(".data.objects")
static struct klpx_object objects[] = {{.funcs = funcs}};
#elif defined(OBJECTS_IN_THOUSANDS)
static struct klpx_object objects[] = {[0 ... 4999] = {.funcs = funcs}, {}};
#elif defined(FUNCTIONS_OF_TWO)
static struct klpx_object objects[] = {
    {.funcs = funcs}, {.name = "other", .funcs = funcs}, {}};
#elif defined(OBJECTS_AT_MOST) || defined(FUNCTIONS_SHARED)
static struct klpx_object objects[] = {
    [0 ... KLPX_MAX_OBJECTS - 1] = {.funcs = funcs}, {}};
#elif defined(OBJECTS_IN_INIT)
SECTION(".init.data")
static struct klpx_object objects[] = {{.funcs = funcs}, {}};
#elif defined(OBJECT_OF_FILE)
static struct klpx_object objects[] = {{.name = "bug-target", .funcs = funcs},
                                       {}};
#elif defined(OBJECT_NAMED_VMLINUX)
static struct klpx_object objects[] = {{.name = "vmlinux", .funcs = funcs}, {}};
#elif defined(CALLBACK_IN_INIT)
SECTION(".init.text") static void early(struct klpx_object* object) {
  object->mod = 0;
}
static struct klpx_object objects[] = {
    {.funcs = funcs, .callbacks = {.post_patch = early}}, {}};
#elif defined(CALLBACK_IS_DATA)
static struct klpx_object objects[] = {
    {.funcs = funcs, .callbacks = {.post_patch = (void*)&no_function}}, {}};
#elif defined(OBJECT_WITHOUT_FUNCTIONS)
static struct klpx_object objects[] = {{.funcs = funcs}, {.name = "other"}, {}};
#elif defined(OBJECT_FUNCTIONS_OUTSIDE)
static struct klpx_object objects[] = {
    {.funcs = funcs}, {.name = "other", .funcs = funcs + 0x10000000}, {}};
#elif defined(OBJECT_FUNCTIONS_ARE_CODE)
static struct klpx_object objects[] = {
    {.funcs = funcs}, {.name = "other", .funcs = (void*)new_open}, {}};
#else
static struct klpx_object objects[] = {
    {.funcs = funcs}, {.name = "empty", .funcs = no_funcs}, {}};
#endif

#ifdef STATES_IN_INIT
SECTION(".init.data") static struct klpx_state states[] = {{.id = 7}, {}};
#elif defined(STATE_CALLBACK_IS_DATA)
static struct klpx_state states[] = {
    {.id = 7, .callbacks = {.shadow_dtor = (void*)&no_function}}, {}};
#elif defined(STATE_NAME_ODD)
static struct klpx_state states[] = {{.id = 7, .name = "a\nb"}, {}};
#elif defined(STATES_WITHOUT_END)
SECTION(".data.states")
static struct klpx_state states[] = {{.id = 7}};
#elif defined(STATES_IN_THOUSANDS)
static struct klpx_state states[] = {[0 ... 4999] = {.id = 7}, {}};
#elif defined(STATES_AT_MOST)
static struct klpx_state states[] = {[0 ... KLPX_MAX_STATES - 1] = {.id = 7},
                                     {}};
#elif defined(STATE_NAME_OUTSIDE)
static struct klpx_state states[] = {{.id = 7, .name = "x" + 0x10000000}, {}};
#else
static struct klpx_state states[] = {{.id = 7}, {}};
#endif

#ifdef PATCH_IN_INIT
SECTION(".init.data")
#endif
struct klpx_patch patch = {
    .mod = THIS_MODULE,
    .objs = objects,
    .states = states,
#ifdef MODEL_UNKNOWN
    .model = (enum klpx_model)9,
#endif
};

int init_module(void) { return klpx_enable_patch(&patch); }
