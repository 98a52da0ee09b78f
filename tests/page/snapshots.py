# SPDX-License-Identifier: GPL-2.0
"""Snapshots as the daemon writes them, of any size, for the tests of the page."""

import datetime
import json
import os
import random
import time
from pathlib import Path

PATCH = "fix_cve_2026_1234"
FUNCTIONS = {"do_sys_openat2": ["lookup_slow", "wait_for_completion_killable"],
             "vfs_read": ["pipe_read", "eventfd_read"],
             "tcp_recvmsg": ["sk_wait_data"],
             "ext4_file_write_iter": ["jbd2_log_wait_commit", "down_write"]}
REASONS = ["on-function", "uninterruptible", "running", "unreliable-stack"]
NAMES = ["nginx", "postgres", "java", "python3", "cron"]


def head(schema):
    now = datetime.datetime.now(datetime.timezone.utc)
    return {"schema": schema, "host": "web1",
            "boot_id": Path("/proc/sys/kernel/random/boot_id").read_text().strip(),
            "kernel": "6.12.117+deb12-amd64",
            "time": now.isoformat(timespec="milliseconds"),
            "monotonic_ns": time.clock_gettime_ns(time.CLOCK_MONOTONIC)}


def blocker(number, dice):
    function = dice.choice(list(FUNCTIONS))
    inner = dice.choice(FUNCTIONS[function])
    reason = dice.choices(REASONS, [8, 3, 1, 1])[0]
    name = dice.choice(NAMES)
    stack = [f"{inner}+0x1b/0x40", f"{function}+0x33/0x90",
             "do_syscall_64+0x82/0x190", "entry_SYSCALL_64_after_hwframe+0x76/0x7e"]
    return {"tid": 1000 + number, "pid": 1000 + number // 16, "idle_cpu": None,
            "start_ns": number, "comm": name, "patch": PATCH, "target": "patched",
            "state": "D" if reason == "uninterruptible" else "S", "reason": reason,
            "function": None if reason == "running" else function,
            "age_ms": dice.randrange(40000), "cpu": dice.randrange(64),
            "signals": dice.randrange(3), "kthread": False, "io_worker": False,
            "cgroup": f"/system.slice/{name}.service", "cmdline": f"/usr/bin/{name}",
            "stack": [] if reason == "running" else stack}


def patch(pending, tasks, elapsed_ms):
    functions = [{"name": name, "sympos": "1", "owner": PATCH} for name in FUNCTIONS]
    return {"name": PATCH, "state": "enabling" if pending else "enabled",
            "engine": "klpx", "enabled": True, "transition": pending > 0,
            "stack_order": 2, "version": "1.2", "replace": False, "replaces": [],
            "replaced_by": None, "forced": False, "forces": [], "tasks": tasks,
            "pending": pending, "elapsed_ms": elapsed_ms, "removable": False,
            "objects": [{"name": "vmlinux", "patched": True, "functions": functions}]}


def transition(number, outcome, took_ms, forced=0, findings=()):
    return {"id": number, "boot_id": head("")["boot_id"], "patch": PATCH,
            "direction": "patching", "outcome": outcome, "engine": "klpx",
            "begun": "2026-11-20T10:00:00.000000+00:00", "took_ms": took_ms,
            "blockers": 3, "forced": forced, "reversals": 0, "signals": 0,
            "initiator": {"by": "cli", "verb": "enable", "user": "root",
                          "sudo_user": "alice"},
            "findings": list(findings), "blocked": [], "events": [], "forces": []}


def snapshot(pending, tasks=0, elapsed_ms=41000, history=(), **changes):
    dice = random.Random(1)
    tasks = tasks or max(100, 3 * pending)
    one = patch(pending, tasks, elapsed_ms)
    document = head("klp.snapshot.v1")
    document["daemon"] = {"version": "0.1.0", "pid": 512}
    document["status"] = {**head("klp.status/v1"), "engine": {"loaded": True},
                          "in_transition": PATCH if pending else None,
                          "patches": [one], "observer": {"events_lost": 0},
                          "observer_error": None}
    document["list"] = None
    document["blocking"] = {
        **head("klp.blocking/v1"), "patch": PATCH if pending else None,
        "state": "enabling" if pending else None, "tasks": tasks,
        "pending": pending, "elapsed_ms": elapsed_ms,
        "blockers": [blocker(number, dice) for number in range(pending)]}
    document["history"] = {**head("klp.history/v1"), "transitions": list(history)}
    document["errors"] = {}
    document.update(changes)
    return document


def write(path, document):
    """As the daemon does: whole, by renaming."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(document), encoding="utf-8")
    os.chmod(new, 0o644)
    new.rename(path)
