#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Prints how many records the BPF programs have lost so far."""

import json
import subprocess

COUNTERS = "/sys/fs/bpf/klpx/maps/klp_counters"
LOST = (1, 2)  # KLPX_COUNT_STATE_LOST, _READ_FAILED

dump = subprocess.run(
    ["bpftool", "-j", "map", "dump", "pinned", COUNTERS], check=True, capture_output=True, text=True
).stdout
entries = [entry["formatted"] for entry in json.loads(dump)]
print(sum(entry["value"] for entry in entries if entry["key"] in LOST))
