// SPDX-License-Identifier: GPL-2.0
/* The struct_ops type klpx_policy; see policy.h and klpx/policy.h. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bpf.h>
#include <linux/bpf_verifier.h>
#include <linux/btf.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "policy.h"

/*
 * Written with cmpxchg() by BPF's registration, read under rcu_read_lock().
 * What it points to is part of a BPF map, which goes after a grace period of
 * RCU (and of RCU-tasks, for the trampolines) that begins after unregister().
 */
static struct klpx_policy __rcu *attached;

/* Written once, before a policy can be attached. */
static void (*wake_worker)(void) __ro_after_init;

/*
 * The kernel looks the names of these up in the types of vmlinux before those
 * of the module (prepare_arg_info()), so they must be names that it never has.
 */
static int klpx_stub_may_start(const struct klpx_transition_info *transition)
{
	return 0;
}

static int klpx_stub_push(const struct klpx_task_info *info,
			  struct task_struct *task)
{
	return KLPX_PUSH_DEFAULT;
}

static void klpx_stub_phase(const struct klpx_transition_info *transition)
{
}

/* They have the types that programs must have; never called. */
static struct klpx_policy stubs = {
	.may_start = klpx_stub_may_start,
	.push = klpx_stub_push,
	.phase = klpx_stub_phase,
};

static const struct bpf_verifier_ops verifier_ops = {
	.get_func_proto = bpf_base_func_proto,
	.is_valid_access = bpf_tracing_btf_ctx_access,
};

static int init_type(struct btf *btf)
{
	return 0;
}

static int check_member(const struct btf_type *type,
			const struct btf_member *member,
			const struct bpf_prog *prog)
{
	/* It would run outside the grace period that protects it here. */
	return prog && prog->sleepable ? -EINVAL : 0;
}

static bool is_name(const char *name)
{
	size_t length = strnlen(name, KLPX_POLICY_NAME_LEN);
	size_t i;

	for (i = 0; i < length; i++)
		if (name[i] <= ' ' || name[i] > '~')
			return false;
	return length && length < KLPX_POLICY_NAME_LEN;
}

/* 1: done with this member, 0: BPF does what is usual. */
static int init_member(const struct btf_type *type,
		       const struct btf_member *member, void *kdata,
		       const void *udata)
{
	const struct klpx_policy *from = udata;
	struct klpx_policy *policy = kdata;

	if (__btf_member_bit_offset(type, member) / BITS_PER_BYTE !=
	    offsetof(struct klpx_policy, name))
		return 0;
	if (!is_name(from->name))
		return -EINVAL;
	strscpy(policy->name, from->name, sizeof(policy->name));
	return 1;
}

static int register_policy(void *kdata, struct bpf_link *link)
{
	struct klpx_policy *policy = kdata;

	if (unrcu_pointer(cmpxchg(&attached, NULL, RCU_INITIALIZER(policy)))) {
		pr_warn("policy '%s' refused: another one is attached\n",
			policy->name);
		return -EBUSY;
	}
	pr_info("policy '%s' attached\n", policy->name);
	wake_worker();
	return 0;
}

static void unregister_policy(void *kdata, struct bpf_link *link)
{
	struct klpx_policy *policy = kdata;

	if (unrcu_pointer(cmpxchg(&attached, RCU_INITIALIZER(policy), NULL)) ==
	    policy)
		pr_info("policy '%s' detached\n", policy->name);
}

/* The link of the old one has taken the new one. */
static int update_policy(void *kdata, void *old_kdata, struct bpf_link *link)
{
	struct klpx_policy *policy = kdata, *old = old_kdata;

	if (unrcu_pointer(cmpxchg(&attached, RCU_INITIALIZER(old),
				  RCU_INITIALIZER(policy))) != old)
		return -EINVAL;
	pr_info("policy '%s' attached in place of '%s'\n", policy->name,
		old->name);
	wake_worker();
	return 0;
}

static struct bpf_struct_ops policy_ops = {
	.verifier_ops = &verifier_ops,
	.init = init_type,
	.check_member = check_member,
	.init_member = init_member,
	.reg = register_policy,
	.unreg = unregister_policy,
	.update = update_policy,
	.cfi_stubs = &stubs,
	.owner = THIS_MODULE,
	.name = "klpx_policy",
};

/*
 * Registered with the module's BTF, and gone with it. A policy holds a
 * reference on the module, so none is left when that goes.
 */
int klpx_policy_init(void (*wake)(void))
{
	int ret;

	wake_worker = wake;
	ret = register_bpf_struct_ops(&policy_ops, klpx_policy);
	if (ret)
		pr_err("cannot register the struct_ops klpx_policy (%d)\n",
		       ret);
	return ret;
}

bool klpx_policy_acts(void)
{
	const struct klpx_policy *policy;
	bool acts;

	rcu_read_lock();
	policy = rcu_dereference(attached);
	acts = policy && policy->push;
	rcu_read_unlock();
	return acts;
}

ssize_t klpx_policy_show(char *buf)
{
	const struct klpx_policy *policy;
	ssize_t length;

	rcu_read_lock();
	policy = rcu_dereference(attached);
	length = sysfs_emit(buf, "%s\n", policy ? policy->name : "");
	rcu_read_unlock();
	return length;
}

int klpx_policy_may_start(const struct klpx_transition_info *transition)
{
	const struct klpx_policy *policy;
	int ret = 0;

	rcu_read_lock();
	policy = rcu_dereference(attached);
	if (policy && policy->may_start)
		ret = policy->may_start(transition);
	if (ret && !IS_ERR_VALUE((long)ret))
		ret = -EPERM;
	if (ret)
		pr_err("'%s': policy '%s' refuses to enable it (%d)\n",
		       transition->patch, policy->name, ret);
	rcu_read_unlock();
	return ret;
}

enum klpx_push klpx_policy_ask(const struct klpx_task_info *info,
			       struct task_struct *task)
{
	const struct klpx_policy *policy;
	int action = KLPX_PUSH_DEFAULT;

	rcu_read_lock();
	policy = rcu_dereference(attached);
	if (policy && policy->push)
		action = policy->push(info, task);
	rcu_read_unlock();
	return action;
}

void klpx_policy_phase(const struct klpx_transition_info *transition)
{
	const struct klpx_policy *policy;

	rcu_read_lock();
	policy = rcu_dereference(attached);
	if (policy && policy->phase)
		policy->phase(transition);
	rcu_read_unlock();
}
