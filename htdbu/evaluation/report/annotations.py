"""What is written beside the lines of a rule file: how each rule and target fared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from htdbu.compiler.program import Program
from htdbu.evaluation.report.html import percent
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.verdict import shown
from htdbu.grammar.source import Span

Note = tuple[str, str | None]
"""A text, and the state to mark it with."""


def line_notes(material: Material) -> dict[int, list[Note]]:
    """Notes by the number of the line, from 0, at which the rule that they are about ends.

    None for rules of imported files, or where the program was not compiled from this text.
    """
    text, spans = material.rules_text or "", dict(_spans(material.program))
    main = material.rules_file
    if main is None:
        files = {span.file for span in spans.values()}
        main = files.pop() if len(files) == 1 else None
    notes: dict[int, dict[str, Note]] = defaultdict(dict)
    for name, note in {**_rules(material), **_targets(material)}.items():
        span = spans.get(name)
        if span is not None and span.file == main and span.end <= len(text):
            # The lines are those of `splitlines`; the rule's last sign lies on its last line.
            notes[max(len(text[: span.end].splitlines()) - 1, 0)][name] = note
    return {line: _named(found) for line, found in notes.items()}


def _named(notes: Mapping[str, Note]) -> list[Note]:
    """The notes of a line; where there are several, each says which rule it is about."""
    if len(notes) == 1:
        return list(notes.values())
    return [(f"{name} {text}", state) for name, (text, state) in notes.items()]


def _spans(program: Program) -> Iterator[tuple[str, Span]]:
    """Where everything stands that the check has a line for, by its name there."""
    for column in program.columns:
        if column.span is not None:
            yield from ((f"{column.name}.{part}", column.span) for part in ("domain", "null", "derived", "key"))
    yield from ((rule.name, rule.span) for rule in program.rules if rule.span is not None)
    yield from ((target.name, target.span) for target in program.targets if target.span is not None)
    yield from ((unique.name, unique.span) for unique in program.uniques if unique.span is not None)
    yield from ((fd.name, fd.span) for fd in program.dependencies if fd.span is not None)


def _rules(material: Material) -> dict[str, Note]:
    """A note for every rule; for those that columns bring along only where some row broke them."""
    checks: Sequence[tuple[str, Mapping[str, Any] | None]] = (
        ("as sampled", material.raw_violations),
        ("in the end", material.violations),
        ("of the real rows", material.real_violations),
    )
    found: dict[str, list[str]] = defaultdict(list)
    told: set[str] = set()
    for words, checked in checks:
        for rule in () if checked is None else checked["rules"]:
            found[rule["name"]].append(f"{percent(rule['rate'])} {words}")
            if rule["fail"] or rule["kind"] in ("hard", "soft", "unique", "fd"):
                told.add(rule["name"])
    left = {rule["name"]: rule["kind"] for rule in material.violations["rules"] if rule["fail"]}
    return {
        name: (f"fails {', '.join(parts)}", _state(left.get(name))) for name, parts in found.items() if name in told
    }


def _state(kind: str | None) -> str | None:
    """How to mark a rule of this kind that some row still breaks; None for one that none does."""
    return None if kind is None else "mixed" if kind == "soft" else "bad"


def _targets(material: Material) -> dict[str, Note]:
    said = {True: "met", False: "missed", None: "not judged"}
    return {
        target["name"]: (
            f"{shown(target['value'], 4)}, {said[target['met']]}",
            "bad" if target["met"] is False else None,
        )
        for target in material.violations["targets"]
    }
