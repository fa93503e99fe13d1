"""Every block of the documentation is true: rules compile, rows get their verdicts, commands print what is shown."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs.generating.blocks import DOCS, MINE, Block, blocks, with_next
from docs.generating.rules import SHOWN_AS, compiled, findings
from tests.docs.verdicts import agree, from_csv, from_rows, standard_row, verdicts
from tests.test_readme import matches

KINDS = {"htr", "text", "csv", "rows", "console", "python", "grammar"}
ALL = [block for page in MINE for block in blocks(page)]
GENERATED = DOCS / "diagnostics"


def rule_blocks() -> list[tuple[Block, Block | None]]:
    """Rule blocks with the block after each; those of the findings' pages are judged by their own test."""
    pairs = [pair for page in MINE if page.parent != GENERATED for pair in with_next(page)]
    return [(block, after) for block, after in pairs if block.kind == "htr"]


def judged_blocks() -> list[tuple[Block, Block]]:
    """Blocks of rows with the rule block that judges them, the last one before."""
    found = []
    for page in MINE:
        rules = None
        for block in blocks(page):
            rules = block if block.kind == "htr" else rules
            if block.kind == "rows" or block.words == ("csv", "verdicts"):
                assert rules is not None, block
                found.append((rules, block))
    return found


def test_all_blocks_are_of_a_kind_that_the_tests_know() -> None:
    assert [] == [str(block) for block in ALL if block.kind not in KINDS]


@pytest.mark.parametrize(("block", "after"), rule_blocks(), ids=str)
def test_rules_get_the_findings_that_are_shown(block: Block, after: Block | None) -> None:
    shown = after is not None and after.kind == "text" and after.text.startswith(f"{SHOWN_AS}:")
    assert (after.text.splitlines() if shown and after else []) == findings(block)


@pytest.mark.parametrize(("rules", "block"), judged_blocks(), ids=str)
def test_rows_get_the_verdicts_that_are_shown(rules: Block, block: Block) -> None:
    base = standard_row() if "fragment" in rules.words else {}
    rows = from_rows(block.text, base) if block.kind == "rows" else from_csv(block.text)
    together = block.kind == "csv"
    program = compiled(rules)[0].checked()
    actual = verdicts(program, rows) if together else [verdicts(program, [row])[0] for row in rows]
    assert rows
    assert [] == [
        f"{row.verdict} | {said}" for row, said in zip(rows, actual, strict=True) if not agree(row.verdict, said)
    ]


def pages_with(kind: str) -> list[Path]:
    """Pages that hold a block of a kind."""
    return [page for page in MINE if any(block.kind == kind for block in blocks(page))]


@pytest.mark.parametrize("page", pages_with("console"), ids=lambda page: page.name)
def test_commands_print_what_is_shown(page: Path, tmp_path: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for source in page.parent.glob("*.htr"):
        shutil.copy(source, tmp_path)
    for block in blocks(page):
        if block.file is not None:
            (tmp_path / block.file).write_text(block.text, "utf-8")
        for step in block.text.split("$ ")[1:] if block.kind == "console" else ():
            command, *expected = step.rstrip("\n").split("\n")
            done = subprocess.run(
                command,
                shell=True,
                cwd=tmp_path,
                env={**os.environ, "PATH": path},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            assert matches(expected, done.stdout.splitlines(), "roughly" in block.words), f"{block}\n{done.stdout}"


@pytest.mark.parametrize("page", pages_with("python"), ids=lambda page: page.name)
def test_python_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in blocks(page):
        if block.file is not None:
            (tmp_path / block.file).write_text(block.text, "utf-8")
        if block.kind == "python":
            exec(compile(block.text, str(block), "exec"), names)
