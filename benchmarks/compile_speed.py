"""How long the compiler takes on a large rule file: 1,000 rules over 200 columns, whole, after an edit, in an editor.

Run: `python benchmarks/compile_speed.py`. The first two figures are CPU seconds of this process, the last one is wall
time from the change that an editor sends to the findings that it gets from `htdbu lsp`.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Callable

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from htdbu.compiler.compile import compile_source
from htdbu.compiler.incremental import Session
from htdbu.grammar.source import Source

_LEVELS = [f"level-{i}" for i in range(8)]


def rule_file(rules: int, columns: int, seed: int = 42) -> str:
    """A file as a bank or an insurer would write it: every kind of column, rules of three to twelve operators."""
    draw = random.Random(seed)
    lines = ["## A wide table.", "table wide {", "  id : int key"]
    by_kind: dict[str, list[str]] = {"int": [], "money": [], "flag": [], "category": [], "grade": [], "date": []}
    for i in range(columns - 1):
        kind = list(by_kind)[i % len(by_kind)]
        name = f"{kind}_{i}"
        by_kind[kind].append(name)
        lines.append(f"  {name} : {_column(kind)}")
    lines += ["}", "", "param least = 18", "def wealthy(x) = x >= 1_000_000", ""]
    lines += [f"hard rule_{i}: {_rule(draw, by_kind)}" for i in range(rules)]
    return "\n".join(lines) + "\n"


def _column(kind: str) -> str:
    levels = ", ".join(f'"{level}"' for level in _LEVELS)
    ordered = " < ".join(f'"{level}"' for level in _LEVELS)
    return {
        "int": "int in 0..10_000",
        "money": "decimal(2) in 0..5_000_000 null",
        "flag": "bool",
        "category": f"category {{ {levels} }}",
        "grade": f"category ordered {{ {ordered} }} null",
        "date": "date in 2000-01-01..2030-12-31 null",
    }[kind]


def _rule(draw: random.Random, by_kind: dict[str, list[str]]) -> str:
    def pick(kind: str) -> str:
        return draw.choice(by_kind[kind])

    level = f'"{draw.choice(_LEVELS)}"'
    forms: list[Callable[[], str]] = [
        lambda: f"{pick('int')} >= least or {pick('flag')}",
        lambda: f"{pick('money')} <= 0.4 * {pick('money')} + {pick('money')} - {draw.randint(1, 900)}.50",
        lambda: f"{pick('category')} == {level} => {pick('money')} in {draw.randint(0, 99)}..{draw.randint(100, 9999)}",
        lambda: f"{pick('date')} is null or {pick('date')} >= {pick('date')}",
        lambda: f"{pick('grade')} <= {level} and {pick('flag')} => not wealthy({pick('money')})",
        lambda: f"count({pick('flag')}, {pick('flag')}, {pick('int')} > 500) <= 2",
        lambda: (
            f"{pick('money')} <= case {{ {pick('int')} < 25 -> 40_000; {pick('int')} < 40 -> 120_000; "
            f"else -> 500_000 }}"
        ),
        lambda: f'{pick("category")} in {{ {level}, "level-0" }} and {pick("int")} > 10 => {pick("money")} is not null',
        lambda: f"days_between({pick('date')}, {pick('date')}) <= {draw.randint(30, 3000)} or {pick('flag')}",
        lambda: f"{pick('int')} + 2 * {pick('int')} <= {draw.randint(20_000, 30_000)} => {pick('flag')}",
    ]
    return draw.choice(forms)()


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rules", type=int, default=1000)
    options.add_argument("--columns", type=int, default=200)
    options.add_argument("--runs", type=int, default=5)
    args = options.parse_args()
    text = rule_file(args.rules, args.columns)
    whole = min(_seconds(lambda: compile_source(Source("wide.htr", text))) for _ in range(args.runs))
    session = Session()
    session.compile(Source("wide.htr", text))
    edits = []
    for i in range(args.runs * 4):
        edited = text.replace(f"hard rule_{17 * i}:", f"hard rule_{17 * i}: int_0 >= {i} and", 1)
        source = Source("wide.htr", edited)
        edits.append(_seconds(lambda source=source: session.compile(source)))  # type: ignore[misc]
    print(f"{args.rules} rules over {args.columns} columns, {len(text):,} characters")
    print(f"whole file   {whole:7.3f} s CPU")
    print(f"one edit     {sorted(edits)[len(edits) // 2]:7.3f} s CPU (median), {max(edits):.3f} (most)")
    answers = asyncio.run(_in_an_editor(text, args.runs * 4))
    print(f"in an editor {sorted(answers)[len(answers) // 2]:7.3f} s wall (median), {max(answers):.3f} (most)")
    answers = asyncio.run(_in_an_editor(text, args.runs * 4, of_columns=True))
    print(f"of a column  {sorted(answers)[len(answers) // 2]:7.3f} s wall (median), {max(answers):.3f} (most)")


async def _in_an_editor(text: str, edits: int, of_columns: bool = False) -> list[float]:
    """Seconds from sending a change to getting the findings, for each of some changes of one rule or one column."""
    client, news = LanguageClient("benchmark", "1"), asyncio.Event()
    client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: news.set())
    await client.start_io(sys.executable, "-m", "htdbu", "lsp")
    await client.initialize_async(types.InitializeParams(types.ClientCapabilities()))
    uri = "file:///wide.htr"
    client.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "htr", 0, text)))
    await news.wait()
    taken = []
    for version in range(1, edits + 1):
        edit = _column_edit(text, version) if of_columns else _rule_edit(text, version)
        document = types.VersionedTextDocumentIdentifier(version=version, uri=uri)
        news.clear()
        begun = time.perf_counter()
        client.text_document_did_change(types.DidChangeTextDocumentParams(document, [edit]))
        await news.wait()
        taken.append(time.perf_counter() - begun)
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    return taken


def _rule_edit(text: str, number: int) -> types.TextDocumentContentChangePartial:
    head = f"hard rule_{17 * number}:"
    spot = types.Position(text[: text.index(head)].count("\n"), len(head))
    return types.TextDocumentContentChangePartial(range=types.Range(spot, spot), text=" int_0 >= 1 and")


def _column_edit(text: str, number: int) -> types.TextDocumentContentChangePartial:
    head = f"  int_{6 * number} : int in "
    line = text[: text.index(head)].count("\n")
    digit = types.Range(types.Position(line, len(head)), types.Position(line, len(head) + 1))
    return types.TextDocumentContentChangePartial(range=digit, text="1")


def _seconds(task: Callable[[], object]) -> float:
    before = time.process_time()
    task()
    return time.process_time() - before


if __name__ == "__main__":
    main()
