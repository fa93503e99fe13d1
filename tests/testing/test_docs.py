"""What the documentation says of exported Python and of property tests is true: its files run as shown."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs/exports.md"
FENCE = re.compile(r"^```([^\n`]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECTIONS = ("## pandera", "## hypothesis", "## htdbu.testing")


def sections() -> str:
    """The sections that are tested here."""
    parts = re.split(r"(?m)^(?=## )", PAGE.read_text("utf-8"))
    return "".join(part for part in parts if part.splitlines()[0] in SECTIONS)


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Commands with the lines that they print."""
    for words, block in FENCE.findall(text):
        for step in block.split("$ ")[1:] if words == "console" else ():
            command, *printed = step.rstrip("\n").split("\n")
            yield command, printed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the sections show."""
    made = tmp_path_factory.mktemp("docs")
    for words, block in FENCE.findall(sections()):
        for word in words.split():
            if word.startswith("file="):
                (made / word.removeprefix("file=")).write_text(block, "utf-8")
    return made


def run(command: str, folder: Path) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_commands_print_what_is_shown(folder: Path) -> None:
    found = list(commands(sections()))
    assert 4 == len(found)
    for command, printed in found:
        assert printed == run(command, folder).splitlines()


@pytest.mark.slow
def test_the_example_of_a_property_test_passes(folder: Path) -> None:
    assert "6 passed" in run("python -m pytest -q -p no:cacheprovider test_orders.py", folder)


def test_the_function_shown_is_the_exported_one(folder: Path) -> None:
    source = run("htdbu compile orders.htr --emit pandera", folder)
    shown = [block for words, block in FENCE.findall(sections()) if words == "python"]
    assert all(block in source for block in shown)
    assert 1 == len(shown)
