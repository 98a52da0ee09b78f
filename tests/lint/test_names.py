# SPDX-License-Identifier: GPL-2.0
"""Where a test stands: foo.cc has foo_test.cc, a guest test has a suite.

The first word of a guest test is its suite, so './run test guest WORD' runs
the suite.
"""

import re

# suite -> what its tests are about
SUITES = {
    "adopt": "patches for the kernel's livepatch, run by klpx",
    "boot": "patches that are loaded at boot",
    "cli": "the command line",
    "coexist": "other users of a patched function",
    "daemon": "the daemon",
    "docs": "what the documents say to type",
    "enable": "the way of a patch into the kernel, and refusals",
    "engine": "klpx.ko itself: its lock, its memory",
    "fastpath": "direct calls of settled functions",
    "ftrace": "ftrace that fails, or has another user",
    "health": "the health check",
    "history": "what is recorded",
    "kernel_engine": "patches of the kernel's own livepatch",
    "memory": "allocations that fail",
    "patch": "what a patch can describe",
    "policy": "policies",
    "serve": "the page, its API and metrics",
    "systemd": "units",
    "top": "top",
    "transition": "how tasks are switched",
}
_GUEST = re.compile(r"tests/guest/test_(\w+)\.(sh|py)$")

# Units of controller/ without a test of their name -> what tests them.
WITHOUT_TEST = {
    **dict.fromkeys(
        (
            "sys/bpf/bpf_blockers",
            "sys/bpf/bpf_error",
            "sys/bpf/bpf_policy",
            "sys/bpf/function_places",
            "sys/bpf/livepatch_tasks",
            "sys/bpf/observer",
            "sys/bpf/observer_pins",
            "sys/bpf/stack_walk",
            "sys/bpf/task_state_map",
        ),
        "guest tests: they load BPF programs",
    ),
    **dict.fromkeys(
        ("cli/flags", "cli/parser", "cli/usage", "cli/verbs"), "cli/command_line_test.cc"
    ),
    "cli/generate": "the build, and cli/completion_test.cc",
    "main": "cli/command_line_test.cc and every guest test",
    "core/base/machine": "one function: core/report/report_list_test.cc",
    "ops/kernel/read_types": "ops/patch/load_test.cc",
    **dict.fromkeys(("tui/top", "tui/worker"), "guest tests of top"),
    **dict.fromkeys(("verbs/accept", "verbs/report"), "guest tests of boot and cli"),
    **dict.fromkeys(("verbs/force", "verbs/signal"), "ops/transition/push_test.cc"),
    "verbs/status": "verbs/show_test.cc",
}


def check_test_names(names):
    """Takes the repository's files; yields a line for each that lacks a test."""
    names = set(names)
    for name in sorted(names):
        guest = _GUEST.match(name)
        if guest and not any(
            guest[1].startswith(f"{suite}_") or guest[1] == suite for suite in SUITES
        ):
            yield (f"{name}:1: begins with no suite of tests/lint/test_names.py")
        unit = re.match(r"controller/(.*)\.cc$", name)
        if not unit:
            continue
        tested = f"tests/unit/{unit[1]}_test.cc" in names
        if not tested and unit[1] not in WITHOUT_TEST:
            yield f"{name}:1: has no tests/unit/{unit[1]}_test.cc"
        if tested and unit[1] in WITHOUT_TEST:
            yield (f"{name}:1: has a test; take it off the list in tests/lint/test_names.py")
    for unit in sorted(WITHOUT_TEST):
        if f"controller/{unit}.cc" not in names:
            yield f"tests/lint/test_names.py:1: there is no controller/{unit}.cc"
