"""A repair that is killed at any moment leaves the old files, none, or the whole new ones."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.test_endings import hear_interrupts

ROWS = 12_000
PROGRAM = """
import sys
from htdbu.cli import csv_source, main
csv_source.piece_rows = lambda *_: 1_000
sys.exit(main(sys.argv[1:]))
"""
OLD = b"old"
POLITE = (signal.SIGINT, signal.SIGTERM)


def start(rules: Path, data: Path, folder: Path) -> subprocess.Popen[bytes]:
    """A repair in pieces of a thousand rows, with two outputs."""
    outputs = ["-o", str(folder / "out.csv"), "--changes", str(folder / "changes.csv")]
    command = [sys.executable, "-c", PROGRAM, "repair", str(rules), str(data), *outputs]
    pipe = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, preexec_fn=hear_interrupts)


def wait_for_writing(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait for a temporary file."""
    while process.poll() is None and not any(path.name.endswith(".tmp") for path in folder.iterdir()):
        time.sleep(0.001)


def test_temporary_files_of_killed_runs_are_removed_by_the_next(rules: Path, table: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    stale = [
        folder / f".{name}.{digits}.tmp" for name in ("out.csv", "changes.csv") for digits in ("01234567", "89abcdef")
    ]
    kept = [folder / name for name in (".out.csv.tmp", ".out.csv.0123456x.tmp", ".other.csv.01234567.tmp")]
    for path in (*stale, *kept):
        path.write_text("half")
    with start(rules, table, folder) as process:
        assert 0 == process.wait(timeout=60)
    assert {"out.csv", "changes.csv", *(path.name for path in kept)} == {path.name for path in folder.iterdir()}


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_whole_files(rules: Path, tmp_path: Path) -> None:
    chance, data, folder = random.Random(), tmp_path / "data.csv", tmp_path / "out"
    folder.mkdir()
    lines = [f"{k},{9 if k % 50 == 0 else 30},clerk,{k % 997},2001-01-01" for k in range(ROWS)]
    data.write_text("id,age,job,income,since\n" + "\n".join(lines) + "\n")
    started = time.monotonic()
    with start(rules, data, folder) as process:
        assert 0 == process.wait(timeout=120)
    lasts = time.monotonic() - started
    names = ("out.csv", "changes.csv")
    new = {name: (folder / name).read_bytes() for name in names}
    for number in range(10):
        for path in folder.iterdir():
            path.unlink()
        if number % 2:
            for name in names:
                (folder / name).write_bytes(OLD)
        kill = chance.choice([signal.SIGKILL, *POLITE])
        with start(rules, data, folder) as process:
            if number % 4 < 2:
                time.sleep(chance.uniform(0, 1.1 * lasts))
            else:
                wait_for_writing(process, folder)
                time.sleep(chance.uniform(0, 0.2 * lasts))
            process.send_signal(kill)
            process.wait(timeout=60)
        left = {path.name: path.read_bytes() for path in folder.iterdir()}
        for name in names:
            whole = (new[name], OLD if number % 2 else None)
            assert left.pop(name, None) in whole, (kill, number)
        assert kill == signal.SIGKILL or not left, (kill, number, list(left))
        assert all(name.endswith(".tmp") for name in left)
    with start(rules, data, folder) as process:
        assert 0 == process.wait(timeout=120)
    assert new == {path.name: path.read_bytes() for path in folder.iterdir()}
