"""The TextMate grammar and the VS Code extension around it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from htdbu import __version__
from htdbu.editors import textmate, words

EXTENSION = Path(__file__).parent.parent.parent / "editors" / "vscode"
GRAMMAR = textmate.grammar()


def rules(rule: Any) -> Iterator[dict[str, Any]]:
    """A rule and all that it holds."""
    if isinstance(rule, dict):
        yield rule
    for part in rule.values() if isinstance(rule, dict) else rule if isinstance(rule, list) else ():
        yield from rules(part)


def patterns() -> list[tuple[str, str]]:
    return [
        (key, rule[key])
        for rule in rules(GRAMMAR)
        for key in ("match", "begin", "end")
        if isinstance(rule.get(key), str)
    ]


def loaded(name: str) -> Any:
    return json.loads((EXTENSION / name).read_text("utf-8"))


def test_the_file_of_the_extension_is_fresh() -> None:
    stored = (EXTENSION / "syntaxes" / "htr.tmLanguage.json").read_text("utf-8")
    assert textmate.text() == stored, (
        "run `python -m htdbu.editors.textmate editors/vscode/syntaxes/htr.tmLanguage.json`"
    )


@pytest.mark.parametrize(("key", "pattern"), patterns())
def test_every_pattern_compiles_and_takes_something(key: str, pattern: str) -> None:
    assert key == "end" or re.compile(pattern).fullmatch("") is None


def test_every_include_leads_somewhere_and_every_part_is_used() -> None:
    included = {rule["include"].removeprefix("#") for rule in rules(GRAMMAR) if "include" in rule}
    assert set(GRAMMAR["repository"]) == included


def test_every_scope_ends_with_the_language() -> None:
    names = {
        rule["name"]
        for rule in rules(GRAMMAR)
        if "name" in rule and rule is not GRAMMAR and isinstance(rule["name"], str)
    }
    assert set() == {name for name in names if not name.endswith(".htr")}


@pytest.mark.parametrize("word", sorted(words.KEYWORDS | words.function_names()))
def test_every_word_stands_in_some_pattern(word: str) -> None:
    assert any(re.search(rf"(?<![A-Za-z_]){word}(?![A-Za-z_])", pattern) for _, pattern in patterns())


def scopes(line: str) -> dict[str, str]:
    """What the top level of the grammar says of a line's words; blocks are not entered."""
    found: dict[str, str] = {}
    flat = [
        rule
        for part in ("comment", "statement", "literal", "call", "example", "word")
        for rule in GRAMMAR["repository"][part]["patterns"]
    ]
    place = 0
    while place < len(line):
        hits = [
            (hit.start(), index, hit, rule)
            for index, rule in enumerate(flat)
            if (hit := re.compile(rule.get("match", "(?!)")).search(line, place))
        ]
        if not hits:
            break
        _, _, hit, rule = min(hits, key=lambda item: item[:2])
        for group, capture in rule.get("captures", {"0": {"name": rule.get("name")}}).items():
            if hit[int(group)] is not None:
                found[hit[int(group)]] = capture["name"].removesuffix(".htr")
        place = max(hit.end(), place + 1)
    return found


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "hard adult: age >= 18",
            {
                "hard": "keyword.declaration",
                "adult": "entity.name.label",
                "age": "variable.other",
                "18": "constant.numeric",
            },
        ),
        (
            "soft(2) s: hard",
            {
                "soft": "keyword.declaration",
                "2": "constant.numeric",
                "s": "entity.name.label",
                "hard": "variable.other",
            },
        ),
        ("when not a {", {"when": "keyword.declaration", "not": "keyword.operator.word"}),
        (
            "hard a: when and unique",
            {"when": "variable.other", "unique": "variable.other", "and": "keyword.operator.word"},
        ),
        ("hard a: abs(b) < mine(c)", {"abs": "support.function", "mine": "entity.name.function"}),
        ("hard a: prev(b)", {"prev": "invalid.illegal.reserved"}),
        ("hard a: case { b -> 1 }", {"case": "keyword.control", "b": "variable.other"}),
        ("## what", {"## what": "comment.line.documentation"}),
        ("# htr: ignore[HTR503] so", {"HTR503": "constant.other.code"}),
        ("unique (a)", {"unique": "keyword.declaration"}),
    ],
)
def test_a_line_gets_its_scopes(line: str, expected: dict[str, str]) -> None:
    found = scopes(line)
    assert expected == {word: found.get(word) for word in expected}


@pytest.mark.parametrize(
    "name",
    sorted(str(path.relative_to(EXTENSION)) for path in EXTENSION.rglob("*.json") if "node_modules" not in path.parts),
)
def test_every_file_of_the_extension_is_json(name: str) -> None:
    assert isinstance(loaded(name), dict)


def test_what_the_extension_names_is_there() -> None:
    package = loaded("package.json")
    gives = package["contributes"]
    named = [
        package["main"],
        *(
            part[key]
            for kind, key in (("grammars", "path"), ("snippets", "path"), ("languages", "configuration"))
            for part in gives[kind]
        ),
    ]
    assert [] == [name for name in named if not (EXTENSION / name).is_file()]
    assert textmate.SCOPE == gives["grammars"][0]["scopeName"]


def test_the_extension_has_the_version_of_the_package() -> None:
    assert __version__ == loaded("package.json")["version"]


def test_settings_that_the_extension_reads_are_declared() -> None:
    read = set(re.findall(r'settings\.get\("(\w+)"', (EXTENSION / "extension.js").read_text("utf-8")))
    declared = {
        name.removeprefix("htdbu.") for name in loaded("package.json")["contributes"]["configuration"]["properties"]
    }
    assert {"path", "server"} == read & declared == read


@pytest.mark.parametrize(
    ("line", "continues"),
    [("  ## A doc.", True), ("## A doc.", True), ("##", False), ("# A comment", False), ("a : int ## x", False)],
)
def test_enter_continues_a_doc_comment(line: str, continues: bool) -> None:
    rule = loaded("language-configuration.json")["onEnterRules"][0]
    assert continues == (re.search(rule["beforeText"], line) is not None)


@pytest.mark.parametrize(
    ("line", "deeper"),
    [
        ("table t {", True),
        ("when a { # so", True),
        ('test "{" {', True),
        ('param p = "{"', False),
        ("# {", False),
        ("a : category { }", False),
    ],
)
def test_an_open_bracket_indents_the_next_line(line: str, deeper: bool) -> None:
    rule = loaded("language-configuration.json")["indentationRules"]["increaseIndentPattern"]
    assert deeper == (re.search(rule, line) is not None)


def test_snippets_are_sound_rules() -> None:
    from htdbu.compiler.compile import compile_source
    from htdbu.grammar.source import Source

    frame = 'table base { a : int in 0..9 b : bool s : category { "a", "b" } }\n'
    for name, snippet in loaded("snippets/htr.json").items():
        body = snippet["body"]
        text = filled(body if isinstance(body, str) else "\n".join(body))
        codes = {
            finding.code
            for finding in compile_source(Source("a.htr", text if name == "Table" else frame + text)).diagnostics
        }
        assert name in ("Category", "Ordered category", "Case") or not codes & {"HTR001", "HTR002"}, f"{name}: {text}"


def filled(body: str) -> str:
    """A snippet with its places filled by what they suggest, and the empty ones by a name."""
    body = re.sub(r"\$\{\d+\|([^,|]+)[^|]*\|\}", r"\1", body)
    body = re.sub(r"\$\{\d+:([^}]*)\}", r"\1", body)
    return re.sub(r"\$0$", "a" if body.endswith((": $0", "= $0")) else "", body.replace(": $0\n", ": a\n")).replace(
        "$0", ""
    )
