"""Run commands in this process and tell which of them reached for the network, or started another program.

Reads a JSON list of uses from standard input, `{"arguments": [...], "input": text, "constants": {"module:NAME": 1}}`,
and writes for each the exit code and what was noticed. What is noticed is also refused.

Python tells of sockets by audit events (PEP 578). A socket of a family that reaches other machines counts from its
making on; any socket counts once it is bound, connected or sent from, and so does a look-up of a name. A pair of
unnamed Unix sockets does not: asyncio wakes its own loop with one, and nobody else can reach it. Another program counts
since its sockets would not be seen here.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import socket
import sys
from typing import Any

from htdbu.cli import main

OUTWARD = {
    "socket.bind",
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyaddr",
    "socket.gethostbyname",
    "socket.getnameinfo",
    "socket.sendmsg",
    "socket.sendto",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "subprocess.Popen",
}
LOCAL = {getattr(socket, "AF_UNIX", None)}
noticed: list[str] = []


def hook(event: str, arguments: tuple[Any, ...]) -> None:
    made = event == "socket.__new__" and arguments[1] not in LOCAL
    if made or event in OUTWARD:
        noticed.append(event)
        raise PermissionError(f"{event} is forbidden here")


def used(use: dict[str, Any]) -> dict[str, Any]:
    """One use, with its own standard input; what it prints goes to standard error."""
    for place, value in use.get("constants", {}).items():
        module, name = place.split(":")
        setattr(importlib.import_module(module), name, value)
    noticed.clear()
    sys.stdin = io.TextIOWrapper(io.BytesIO(use.get("input", "").encode()))
    return {"code": main(use["arguments"]), "noticed": list(noticed)}


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    uses = json.load(sys.stdin)
    sys.addaudithook(hook)
    json.dump([used(use) for use in uses], answers)
    answers.close()
