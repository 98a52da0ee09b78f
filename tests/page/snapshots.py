# SPDX-License-Identifier: GPL-2.0
"""Snapshots like the daemon's, of any size, for the tests of the page."""

import datetime
import json
import os
import random
import time
from pathlib import Path

PATCH = "fix_cve_2026_1234"
FUNCTIONS = {
    "do_sys_openat2": ["lookup_slow", "wait_for_completion_killable"],
    "vfs_read": ["pipe_read", "eventfd_read"],
    "tcp_recvmsg": ["sk_wait_data"],
    "ext4_file_write_iter": ["jbd2_log_wait_commit", "down_write"],
}
REASONS = ["on-function", "uninterruptible", "running", "unreliable-stack"]
NAMES = {
    "nginx": "www-data",
    "postgres": "postgres",
    "java": "tomcat",
    "python3": "deploy",
    "cron": "root",
}
THREADS = 16  # per process
LATEST_MS = 3000  # after the start: the latest that a task is found blocking
# A fixed time, so that all data fits together. The chart uses this time, and
# the age of a snapshot the monotonic clock.
BEGAN = datetime.datetime(2026, 11, 20, 10, 15, 0, tzinfo=datetime.timezone.utc)


def head(schema, elapsed_ms=0):
    time_ = BEGAN + datetime.timedelta(milliseconds=elapsed_ms)
    return {
        "schema": schema,
        "host": "web1",
        "boot_id": Path("/proc/sys/kernel/random/boot_id").read_text().strip(),
        "kernel": "6.12.117+deb12-amd64",
        "time": time_.isoformat(timespec="milliseconds"),
        "monotonic_ns": time.clock_gettime_ns(time.CLOCK_MONOTONIC),
    }


def blocker(number, elapsed_ms):
    """Always the same task for a number; threads of a process are alike."""
    process = random.Random(number // THREADS)
    dice = random.Random(1000000 + number)
    name = process.choice(list(NAMES))
    function = process.choice(list(FUNCTIONS))
    inner = process.choice(FUNCTIONS[function])
    reason = dice.choices(REASONS, [16, 3, 1, 1])[0]
    stack = [
        f"{inner}+0x1b/0x40",
        f"{function}+0x33/0x90",
        "do_syscall_64+0x82/0x190",
        "entry_SYSCALL_64_after_hwframe+0x76/0x7e",
    ]
    return {
        "tid": 1000 + number,
        "pid": 1000 + number // THREADS * THREADS,
        "idle_cpu": None,
        "start_ns": number,
        "comm": name,
        "patch": PATCH,
        "target": "patched",
        "state": "D" if reason == "uninterruptible" else "S",
        "reason": reason,
        "function": None if reason == "running" else function,
        "age_ms": elapsed_ms - min(elapsed_ms, dice.randrange(LATEST_MS)),
        "cpu": dice.randrange(64),
        "signals": int(elapsed_ms > 15000),
        "kthread": False,
        "io_worker": False,
        "uid": 33,
        "user": NAMES[name],
        "cgroup": f"/system.slice/{name}.service",
        "cmdline": f"/usr/bin/{name} --workers {THREADS}",
        "stack": [] if reason == "running" else stack,
    }


def patch(pending, tasks, elapsed_ms, name=PATCH, functions=tuple(FUNCTIONS), order=2):
    replaced = [{"name": one, "sympos": "1", "owner": name} for one in functions]
    return {
        "name": name,
        "state": "enabling" if pending else "enabled",
        "engine": "klpx",
        "adopted": False,
        "enabled": True,
        "transition": pending > 0,
        "stack_order": order,
        "version": "1.2",
        "replace": False,
        "replaces": [],
        "replaced_by": None,
        "forced": False,
        "forces": [],
        "tasks": tasks,
        "pending": pending,
        "elapsed_ms": elapsed_ms,
        "refcount": 1,
        "permanent": False,
        "removable": False,
        "objects": [{"name": "vmlinux", "patched": True, "functions": replaced}],
    }


def transition(number, outcome, took_ms, forced=0, findings=(), name=PATCH, ago_minutes=0):
    begun = BEGAN - datetime.timedelta(minutes=ago_minutes)
    return {
        "id": number,
        "boot_id": head("")["boot_id"],
        "patch": name,
        "direction": "patching",
        "outcome": outcome,
        "engine": "klpx",
        "begun": begun.isoformat(timespec="microseconds"),
        "took_ms": took_ms,
        "blockers": 3,
        "forced": forced,
        "reversals": 0,
        "signals": 0,
        "initiator": {"by": "cli", "verb": "enable", "user": "root", "sudo_user": "alice"},
        "findings": list(findings),
        "blocked": [],
        "events": [],
        "forces": [],
    }


def advice():
    """The advice, as in 'klp-controller -j blocking'."""
    return [
        {
            "patch": PATCH,
            "commands": [f"klp-controller signal {PATCH}"],
            "text": f"on-function: 'klp-controller signal {PATCH}' wakes user tasks",
        },
        {
            "patch": PATCH,
            "text": "uninterruptible: a signal will not help; it waits for a "
            "device, a file server or a lock ('klp-controller blocking -v' shows where): "
            f"resolve that; or give up: 'klp-controller reverse {PATCH}', or force it",
            "commands": ["klp-controller blocking -v", f"klp-controller reverse {PATCH}"],
        },
    ]


def snapshot(pending, tasks=0, elapsed_ms=41000, history=(), patches=(), **changes):
    tasks = tasks or max(100, 3 * pending)
    one = patch(pending, tasks, elapsed_ms)
    document = head("klp.snapshot.v1", elapsed_ms)
    document["daemon"] = {"version": "0.1.0", "pid": 512}
    document["status"] = {
        **head("klp.status/v1", elapsed_ms),
        "engine": {"loaded": True},
        "in_transition": PATCH if pending else None,
        "next": {PATCH: f"policy reverses it in {max(0, 60 - elapsed_ms // 1000)} s"}
        if pending
        else {},
        "patches": [one, *patches],
        "observer": {"events_lost": 0},
        "observer_error": None,
        "notes": [],
    }
    document["list"] = None
    document["blocking"] = {
        **head("klp.blocking/v1", elapsed_ms),
        "patch": PATCH if pending else None,
        "state": "enabling" if pending else None,
        "tasks": tasks,
        "pending": pending,
        "elapsed_ms": elapsed_ms,
        "advice": advice() if pending else [],
        "blockers": [blocker(number, elapsed_ms) for number in range(pending)],
    }
    document["history"] = {**head("klp.history/v1"), "transitions": list(history)}
    document["errors"] = {}
    document.update(changes)
    return document


def write(path, document):
    """Writes it like the daemon: atomically, by renaming."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(document), encoding="utf-8")
    os.chmod(new, 0o644)
    new.rename(path)
