#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A well-behaved client of the web server, and several that misbehave.

get URL [HEADER]...      prints the body, whatever the status
status URL [HEADER]...   prints the status
headers URL              prints the header
events URL COUNT [ID]    prints so many events, and 'connected' on stderr before
                         the first; exits 1 if they do not come
slow PORT COUNT SECONDS  so many connections that send a header bit by bit;
                         meanwhile, and after it, prints 'answered' or fails
crowd PORT COUNT         opens so many connections at once, asks on a last one
fuzz PORT COUNT SEED     sends so many malformed requests
local SOCKET PATH [HOST] prints the answer, header and body, of a unix socket
raw PORT                 sends stdin as it is, prints the answer
"""

import http.client
import random
import socket
import sys
import time
import urllib.parse

TIMEOUT_SECONDS = 60
METHODS = [
    b"GET",
    b"HEAD",
    b"POST",
    b"PUT",
    b"DELETE",
    b"OPTIONS",
    b"TRACE",
    b"CONNECT",
    b"G\0T",
    b"get",
    b"",
    b"\xff\xfe",
    b"GET " * 50,
]
TARGETS = [
    b"/",
    b"/api/v1/status",
    b"*",
    b"http://evil/",
    b"/../../etc/passwd",
    b"/%00",
    b"/%zz",
    b"/" + b"a" * 9000,
    b"",
    b"/?" + b"a=b&" * 600,
    b"/api/v1/history/" + b"9" * 40,
    b"//",
    b"/\r\nX: y",
    b"/\xc3\x28",
]
VERSIONS = [
    b"HTTP/1.1",
    b"HTTP/1.0",
    b"HTTP/0.9",
    b"HTTP/2.0",
    b"HTTP/9.99",
    b"HTTP",
    b"",
    b"PRI * HTTP/2.0",
]
HEADERS = [
    b"Host: localhost",
    b"Host:",
    b"Host: a\r\nHost: b",
    b": x",
    b"X" * 9000,
    b"Content-Length: -1",
    b"Content-Length: 99999999999999999999",
    b"Content-Length: 5\r\nContent-Length: 6",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, chunked",
    b"Expect: 100-continue",
    b"Connection: Upgrade\r\nUpgrade: websocket",
    b"X: a\r\n b",
    b"\0: \0",
    b"Range: bytes=0-",
    b"Accept: " + b"a," * 3000,
    b"Last-Event-ID: \xff",
]


def connect(port):
    return socket.create_connection(("127.0.0.1", port), TIMEOUT_SECONDS)


def request(url, headers):
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT_SECONDS)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    connection.request("GET", path, headers=dict(header.split(": ", 1) for header in headers))
    return connection.getresponse()


def get(url, *headers):
    sys.stdout.buffer.write(request(url, headers).read())


def status(url, *headers):
    print(request(url, headers).status)


def show_headers(url):
    print(request(url, ()).msg)


def events(url, count, last=""):
    answer = request(url, (f"Last-Event-ID: {last}",) if last else ())
    print("connected", file=sys.stderr, flush=True)
    left = int(count)
    while left > 0:
        line = answer.readline().decode()
        if not line:
            raise SystemExit("the stream has ended")
        if line.startswith(":"):  # a sign of life, and the line that ends it
            answer.readline()
            continue
        print(line, end="")
        left -= not line.strip()


def ask_once(port):
    with connect(port) as one:
        one.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = one.recv(4096)
    if not answer.startswith(b"HTTP/1.1 200"):
        raise SystemExit(f"not answered: {answer[:80]}")


def slow(port, count, seconds):
    port = int(port)
    trickles = [connect(port) for _ in range(int(count))]
    ends = time.monotonic() + float(seconds)
    while time.monotonic() < ends:
        for one in trickles:
            try:
                one.send(b"G")
            except OSError:
                pass  # disconnected, as expected
        ask_once(port)
        time.sleep(0.5)
    # Each connection is closed by now, or will be at its deadline.
    for one in trickles:
        one.settimeout(TIMEOUT_SECONDS)
        try:
            while one.recv(4096):
                pass
        except ConnectionError:
            pass
    ask_once(port)
    print("answered")


def crowd(port, count):
    port = int(port)
    crowd_of = []
    for _ in range(int(count)):
        one = socket.socket()
        one.setblocking(False)
        one.connect_ex(("127.0.0.1", port))
        crowd_of.append(one)
    time.sleep(1)
    ask_once(port)
    for one in crowd_of:
        one.close()
    ask_once(port)
    print("answered")


def malformed(dice):
    headers = dice.sample(HEADERS, dice.randrange(5))
    text = b"\r\n".join(
        [
            b" ".join([dice.choice(METHODS), dice.choice(TARGETS), dice.choice(VERSIONS)]),
            *headers,
            b"",
            b"",
        ]
    )
    if dice.random() < 0.3:
        at = dice.randrange(len(text))
        text = text[:at] + dice.randbytes(dice.randrange(20)) + text[at:]
    if dice.random() < 0.3:
        text = text[: dice.randrange(len(text))]
    if dice.random() < 0.1:
        text = dice.randbytes(dice.randrange(20000))
    return text


def fuzz(port, count, seed):
    dice = random.Random(int(seed))
    answers = {}
    for _ in range(int(count)):
        with connect(int(port)) as one:
            one.settimeout(0.5)
            try:
                one.sendall(malformed(dice))
                one.shutdown(socket.SHUT_WR)
                answer = one.recv(65536)[9:12].decode(errors="replace")
            except (OSError, TimeoutError):
                answer = "none"
        answers[answer] = answers.get(answer, 0) + 1
    ask_once(int(port))
    print(dict(sorted(answers.items())))


def local(path, target, host="localhost"):
    with socket.socket(socket.AF_UNIX) as one:
        one.settimeout(TIMEOUT_SECONDS)
        one.connect(path)
        one.sendall(f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        while data := one.recv(65536):
            sys.stdout.buffer.write(data)


def raw(port):
    with connect(int(port)) as one:
        one.sendall(sys.stdin.buffer.read())
        while data := one.recv(65536):
            sys.stdout.buffer.write(data)


VERBS = {
    "get": get,
    "status": status,
    "headers": show_headers,
    "events": events,
    "slow": slow,
    "crowd": crowd,
    "fuzz": fuzz,
    "local": local,
    "raw": raw,
}

if __name__ == "__main__":
    VERBS[sys.argv[1]](*sys.argv[2:])
