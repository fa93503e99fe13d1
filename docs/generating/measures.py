"""The table of the measures: what each is, what it is held against, and how it is read."""

from __future__ import annotations

from inspect import getdoc

from htdbu.evaluation import limits
from htdbu.evaluation.measures import MEASURES, Measure

_QUESTIONS = {"useful": "Is it useful?", "close": "Is it close?", "private": "Is it private?"}


def measure_table() -> str:
    """One line a measure, in the order of the report."""
    cells = [(_QUESTIONS[line.question], line.name, _limit(line), line.reads) for line in MEASURES]
    lines = "".join(f"| {' | '.join(line)} |\n" for line in cells)
    return f"| question | measure | limit | how to read it |\n|---|---|---|---|\n{lines}"


def _limit(line: Measure) -> str:
    """The docstring of its limit, with numbers in the place of names."""
    text = getdoc(line.limit) or ""
    for name in ("NOISE", "STRAYS", "MARGIN"):
        text = text.replace(f"`{name}`", f"{getattr(limits, name):.3g}")
    return text
