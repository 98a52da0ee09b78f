#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Listens on 127.0.0.1:PORT and answers each request with the status line
given, or, for 'hang', never. Prints 'up' when it listens."""

import socket
import sys

server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("up", flush=True)
held = []
while True:
    connection, _ = server.accept()
    connection.recv(4096)
    if sys.argv[2] == "hang":
        held.append(connection)
        continue
    connection.sendall(f"HTTP/1.0 {sys.argv[2]}\r\n\r\n".encode())
    connection.close()
