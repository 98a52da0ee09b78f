#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Prints how many events or records the BPF programs have lost so far."""

import json
import subprocess

COUNTERS = "/sys/fs/bpf/klpx/maps/klp_counters"
LOST = (1, 2, 3)  # KLPX_COUNT_EVENTS_LOST, _STATE_LOST, _READ_FAILED

dump = subprocess.run(["bpftool", "-j", "map", "dump", "pinned", COUNTERS],
                      check=True, capture_output=True, text=True).stdout
entries = [entry["formatted"] for entry in json.loads(dump)]
print(sum(entry["value"] for entry in entries if entry["key"] in LOST))
