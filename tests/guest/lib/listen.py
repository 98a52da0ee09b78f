#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""listen.py SOCKET FILE: records what a datagram socket gets, as JSON strings.

Plays the service manager (NOTIFY_SOCKET) or the journal.
"""

import json
import os
import socket
import sys

path, target = sys.argv[1:]
if os.path.exists(path):
    os.unlink(path)
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(path)
with open(target, "a", encoding="utf-8") as out:
    while True:
        text = listener.recv(1 << 16).decode("utf-8", "replace")
        out.write(json.dumps(text) + "\n")
        out.flush()
