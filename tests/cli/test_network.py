"""No command opens a socket, but `htdbu draft --provider llm`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from htdbu.cli import COMMANDS
from tests.conftest import ROOT

ONCE = ("--max-rounds", "1")
REPORT = ("--target", "job", "--report", "report.html")
FEW = ("--generator", "trees", "--seed", "1", "--threads", "1")
RULES = """\
table t {
  age : int in 0..120
  job : category { "none", "clerk" }
}
hard adult: age >= 18
test "ages" {
  reject { age: 17 } by adult
  accept { age: 30 }
}
"""


def frames(*messages: dict[str, Any]) -> str:
    """Messages as an editor sends them."""
    bodies = [json.dumps({"jsonrpc": "2.0", **message}) for message in messages]
    return "".join(f"Content-Length: {len(body)}\r\n\r\n{body}" for body in bodies)


OPENED = {"uri": "file:///t.htr", "languageId": "htr", "version": 1, "text": "table t { a: int }\nhard h: b > 1\n"}
EDITOR = frames(
    {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
    {"method": "initialized", "params": {}},
    {"method": "textDocument/didOpen", "params": {"textDocument": OPENED}},
    {"id": 2, "method": "shutdown"},
    {"method": "exit"},
)

# A use of every command, on the files of the fixture `told`; in this order, since some read what others write.
USES: dict[str, list[dict[str, Any]]] = {
    "demo": [{"arguments": ["demo", "-o", "demo"], "constants": {"htdbu.cli.commands.demo:ROWS": 200}}],
    "draft": [
        {"arguments": ["draft", "t.csv", "-o", "draft.htr", "--target", "job"]},
        {"arguments": ["draft", "t.csv", "--show-summary", "--granularity", "rich", "--target", "job"]},
    ],
    "compile": [{"arguments": ["compile", "t.htr", "--data", "t.csv", "--emit", "json-schema"]}],
    "check": [{"arguments": ["check", "t.htr", "t.csv", "--rows", "rows.csv"], "code": 1}],
    "repair": [{"arguments": ["repair", "t.htr", "t.csv", "-o", "repaired.csv"]}],
    "fit": [{"arguments": ["fit", "t.csv", "-o", "t.model", *FEW]}],
    "synthesize": [{"arguments": ["synthesize", "t.htr", "t.csv", "-n", "20", "-o", "synthetic.csv", *FEW]}],
    "evaluate": [{"arguments": ["evaluate", "t.htr", "--real", "t.csv", "--synthetic", "synthetic.csv", *REPORT]}],
    "tune": [{"arguments": ["tune", "t.htr", "t.csv", "-n", "20", "-o", "tuned.csv", *FEW, *ONCE], "code": 1}],
    "fmt": [{"arguments": ["fmt", "t.htr"]}],
    "test": [{"arguments": ["test", "t.htr"]}],
    "witness": [{"arguments": ["witness", "t.htr"]}],
    "diff": [{"arguments": ["diff", "t.htr", "older.htr"], "code": 1}],
    "lsp": [{"arguments": ["lsp"], "input": EDITOR}],
    "explain": [{"arguments": ["explain", "HTR201"]}],
}
"""`code` is the exit code where it may be another than 0, and `input` what stands on standard input."""


def guarded(folder: Path, uses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What became of these uses, called in a folder, in one process."""
    call = [sys.executable, "-m", "tests.cli.guarded"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    given = json.dumps(uses)
    done = subprocess.run(call, input=given, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What became of every use of each command."""
    folder = tmp_path_factory.mktemp("uses")
    rows = "".join(f"{10 + i},{'clerk' if i % 3 else 'none'}\n" for i in range(60))
    (folder / "t.csv").write_text(f"age,job\n{rows}", "utf-8")
    (folder / "t.htr").write_text(RULES, "utf-8")
    (folder / "older.htr").write_text(RULES.replace(">= 18", ">= 21"), "utf-8")
    names = [name for name in COMMANDS for _ in USES.get(name, [])]
    results = guarded(folder, [use for name in COMMANDS for use in USES.get(name, [])])
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for name, result in zip(names, results, strict=True):
        found[name].append(result)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_opens_no_socket(command: str, told: dict[str, list[dict[str, Any]]]) -> None:
    assert USES.get(command), f"list a real use of {command} in USES"
    for use, result in zip(USES[command], told[command], strict=True):
        assert [] == result["noticed"]
        assert result["code"] in (0, use.get("code", 0))


REACHING = """
import asyncio, json, os, socket, subprocess, sys, urllib.request
from tests.cli import guarded

WAYS = {
    "a page": lambda: urllib.request.urlopen("http://127.0.0.1:9/"),
    "a name": lambda: socket.gethostbyname("localhost"),
    "a connection": lambda: socket.create_connection(("127.0.0.1", 9)),
    "a server": lambda: socket.create_server(("127.0.0.1", 0)),
    "a datagram": lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
    "a local service": lambda: socket.socket(socket.AF_UNIX).connect("/nowhere"),
    "a program": lambda: subprocess.run([sys.executable, "-c", ""]),
    "a loop of its own": lambda: asyncio.run(asyncio.sleep(0)),
    "a pair": lambda: [end.close() for end in socket.socketpair()],
}
sys.addaudithook(guarded.hook)
seen = {}
for name, way in WAYS.items():
    guarded.noticed.clear()
    try:
        way()
    except OSError:
        pass
    seen[name] = bool(guarded.noticed)
print(json.dumps(seen))
"""


def test_the_guard_sees_what_reaches_out_and_nothing_else() -> None:
    call = [sys.executable, "-W", "ignore::ResourceWarning", "-c", REACHING]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    assert ["a loop of its own", "a pair"] == [name for name, noticed in seen.items() if not noticed]
    assert 9 == len(seen)


@pytest.mark.slow
def test_drafting_with_a_language_model_is_what_opens_one(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a\n1\n", "utf-8")
    model = ("--provider", "llm", "--model", "m", "--base-url", "http://127.0.0.1:9/v1")
    (told,) = guarded(tmp_path, [{"arguments": ["draft", "t.csv", "-o", "t.htr", *model]}])
    assert 2 == told["code"]
    assert "socket.__new__" in told["noticed"]
    assert not (tmp_path / "t.htr").exists()
