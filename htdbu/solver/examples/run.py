"""Running the `test` blocks of a program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from htdbu.compiler.program import Example, ExampleTest, Program
from htdbu.solver.examples.completions import EFFORT, Completer
from htdbu.solver.examples.coverage import Coverage, cover
from htdbu.solver.examples.questions import acceptance
from htdbu.solver.examples.rows import completed, example_table
from htdbu.solver.examples.verdict import Judge, Judgement, Verdict
from htdbu.solver.outcomes import row_outcomes

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class TestOutcome:
    """A test and the verdict on each of its examples, in their order."""

    __test__ = False  # no test of pytest's

    test: ExampleTest
    judgements: tuple[Judgement, ...]

    @property
    def passed(self) -> bool:
        """Whether no example fails; what could not be decided is no failure."""
        return not any(judgement.verdict is Verdict.FAILS for judgement in self.judgements)

    @property
    def failures(self) -> list[tuple[Example, Judgement]]:
        """The examples that fail."""
        pairs = zip(self.test.examples, self.judgements, strict=True)
        return [pair for pair in pairs if pair[1].verdict is Verdict.FAILS]

    @property
    def undecided(self) -> list[tuple[Example, Judgement]]:
        """The examples that could not be decided."""
        pairs = zip(self.test.examples, self.judgements, strict=True)
        return [pair for pair in pairs if pair[1].verdict is Verdict.UNDECIDED]

    def to_dict(self) -> dict[str, Any]:
        """The contract's form."""
        return {
            "title": self.test.title,
            "passed": self.passed,
            "failures": [f"{spelt(example)}: {judgement.reason}" for example, judgement in self.failures],
            "undecided": [f"{spelt(example)}: {judgement.reason}" for example, judgement in self.undecided],
        }


@dataclass(frozen=True)
class ExamplesReport:
    """The outcome of every test, and what they cover."""

    tests: tuple[TestOutcome, ...]
    coverage: Coverage

    def to_dict(self) -> dict[str, Any]:
        """The contract's `test --format json`."""
        return {"tests": [test.to_dict() for test in self.tests], "coverage": self.coverage.to_dict()}


def run_tests(program: Program, progress: Progress | None = None, effort: float = EFFORT) -> ExamplesReport:
    """Judge every example of every test.

    Args:
        progress: called with the examples judged so far and all of them.
        effort: deterministic time for the search that an example needs, per block of columns.
    """
    examples = [example for test in program.tests for example in test.examples]
    table = example_table(program, examples)
    full = completed(program, table, examples)
    outcomes = {outcome.name: outcome for outcome in row_outcomes(program, full)}
    judge = Judge(program, table, full, outcomes, Completer(acceptance(program), effort))
    found = []
    for row, example in enumerate(examples):
        found.append(judge.judge(row, example))
        if progress is not None:
            progress(row + 1, len(examples))
    rest = iter(found)
    tests = tuple(TestOutcome(test, tuple(next(rest) for _ in test.examples)) for test in program.tests)
    return ExamplesReport(tests, cover(program, judge, examples, found))


def spelt(example: Example) -> str:
    """An example as a rule file writes it."""
    cells = ", ".join(f"{cell.column}: {_literal(cell.value.value, cell.value.type)}" for cell in example.cells)
    by = "" if example.by is None else f" by {example.by}"
    return f"{example.kind} {{ {cells} }}{by}" if cells else f"{example.kind} {{}}{by}"


def _literal(value: object, kind: str) -> str:
    if kind == "text":
        return f'"{value}"'
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
