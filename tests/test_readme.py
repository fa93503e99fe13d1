"""The tour of the README is true: its commands run, one after the other, and print what stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from htdbu.datasets import loans_rules

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


class Step(NamedTuple):
    """A command and what it should print; `roughly` where figures may differ between machines."""

    command: str
    expected: list[str]
    roughly: bool


def steps() -> list[Step]:
    """All commands of the README's console blocks, in order."""
    found = []
    for how, block in re.findall(r"^```console ?(\w*)\n(.*?)^```", README, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *expected = part.rstrip("\n").split("\n")
            found.append(Step(command, expected, how == "roughly"))
    return found


def matches(expected: list[str], actual: list[str], roughly: bool) -> bool:
    """Whether lines agree; `...` stands for any number of lines. Roughly: digits and spaces may differ."""

    def pattern(line: str) -> str:
        if line == "...":
            return r"(?:.*\n)*"
        return re.escape(simple(line)) + r"\n"

    def simple(line: str) -> str:
        return re.sub(r"\s+", " ", re.sub(r"[\d.,]+", "0", line)) if roughly else line

    text = "".join(f"{simple(line)}\n" for line in actual)
    return re.fullmatch("".join(map(pattern, expected)), text) is not None


@pytest.mark.slow
def test_the_tour_is_true(tmp_path: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for step in steps():
        done = subprocess.run(
            step.command,
            shell=True,
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert matches(step.expected, done.stdout.splitlines(), step.roughly), f"$ {step.command}\n{done.stdout}"
        assert done.returncode in (0, 1)
    assert "0 hard violations" in README


@pytest.mark.slow
def test_the_python_of_the_tour_runs(tmp_path: Path) -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "loans.htr").write_text(loans_rules(), "utf-8")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert "0\n" == done.stdout


def test_every_command_is_named() -> None:
    commands = {step.command.split()[1] for step in steps() if step.command.startswith("htdbu")}
    assert {"demo", "compile", "check", "repair"} <= commands
    assert "make demo" in README
    assert "make test" in README


def test_matching_is_strict_but_where_it_says() -> None:
    assert matches(["a", "...", "d"], ["a", "b", "c", "d"], roughly=False)
    assert not matches(["a", "d"], ["a", "b", "d"], roughly=False)
    assert not matches(["a  1"], ["a 2"], roughly=False)
    assert matches(["a  1.50 %"], ["a 22,000.5 %"], roughly=True)
    assert not matches(["a 1"], ["b 1"], roughly=True)
