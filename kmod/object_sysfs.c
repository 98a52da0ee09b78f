// SPDX-License-Identifier: GPL-2.0
/* Attributes of the objects and the states of a patch; see patch_sysfs.c. */
#include <linux/kobject.h>
#include <linux/sysfs.h>

#include "object_sysfs.h"
#include "records.h"

static ssize_t patched_show(struct kobject *kobj, struct kobj_attribute *attr,
			    char *buf)
{
	struct klpx_lobject *obj = container_of(kobj, struct klpx_lobject, kobj);

	return sysfs_emit(buf, "%d\n", READ_ONCE(obj->patched));
}

/* Words for the callbacks that are there, in the order they are called. */
static ssize_t emit_callback(char *buf, ssize_t len, const char *word,
			     const void *callback)
{
	if (!callback)
		return len;
	return len + sysfs_emit_at(buf, len, "%s%s", len ? " " : "", word);
}

static ssize_t object_callbacks_show(struct kobject *kobj,
				     struct kobj_attribute *attr, char *buf)
{
	struct klpx_lobject *obj = container_of(kobj, struct klpx_lobject, kobj);
	ssize_t len = 0;

	/* An object for nops only has none. */
	if (obj->desc) {
		const struct klpx_callbacks *cb = &obj->desc->callbacks;

		len = emit_callback(buf, len, "pre_patch", cb->pre_patch);
		len = emit_callback(buf, len, "post_patch", cb->post_patch);
		len = emit_callback(buf, len, "pre_unpatch", cb->pre_unpatch);
		len = emit_callback(buf, len, "post_unpatch", cb->post_unpatch);
	}
	return len + sysfs_emit_at(buf, len, "\n");
}

static struct kobj_attribute patched_attr = __ATTR_RO(patched);
static struct kobj_attribute object_callbacks_attr =
	__ATTR(callbacks, 0444, object_callbacks_show, NULL);

static struct attribute *object_attrs[] = {
	&patched_attr.attr,
	&object_callbacks_attr.attr,
	NULL
};
static const struct attribute_group object_group = { .attrs = object_attrs };

const struct attribute_group *klpx_object_groups[] = { &object_group, NULL };

static const struct klpx_state *to_state(struct kobject *kobj)
{
	return container_of(kobj, struct klpx_lstate, kobj)->desc;
}

static ssize_t state_version_show(struct kobject *kobj,
				  struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", to_state(kobj)->version);
}

static ssize_t name_show(struct kobject *kobj, struct kobj_attribute *attr,
			 char *buf)
{
	return sysfs_emit(buf, "%s\n", to_state(kobj)->name ?: "");
}

static ssize_t block_disable_show(struct kobject *kobj,
				  struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", to_state(kobj)->block_disable);
}

static ssize_t is_shadow_show(struct kobject *kobj, struct kobj_attribute *attr,
			      char *buf)
{
	return sysfs_emit(buf, "%d\n", to_state(kobj)->is_shadow);
}

static ssize_t state_callbacks_show(struct kobject *kobj,
				    struct kobj_attribute *attr, char *buf)
{
	const struct klpx_state_callbacks *cb = &to_state(kobj)->callbacks;
	ssize_t len = 0;

	len = emit_callback(buf, len, "pre_patch", cb->pre_patch);
	len = emit_callback(buf, len, "post_patch", cb->post_patch);
	len = emit_callback(buf, len, "pre_unpatch", cb->pre_unpatch);
	len = emit_callback(buf, len, "post_unpatch", cb->post_unpatch);
	len = emit_callback(buf, len, "shadow_dtor", cb->shadow_dtor);
	return len + sysfs_emit_at(buf, len, "\n");
}

static struct kobj_attribute state_version_attr =
	__ATTR(version, 0444, state_version_show, NULL);
static struct kobj_attribute name_attr = __ATTR_RO(name);
static struct kobj_attribute block_disable_attr = __ATTR_RO(block_disable);
static struct kobj_attribute is_shadow_attr = __ATTR_RO(is_shadow);
static struct kobj_attribute state_callbacks_attr =
	__ATTR(callbacks, 0444, state_callbacks_show, NULL);

static struct attribute *state_attrs[] = {
	&state_version_attr.attr,
	&name_attr.attr,
	&block_disable_attr.attr,
	&is_shadow_attr.attr,
	&state_callbacks_attr.attr,
	NULL
};
static const struct attribute_group state_group = { .attrs = state_attrs };

const struct attribute_group *klpx_state_groups[] = { &state_group, NULL };
