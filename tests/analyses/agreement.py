"""Compares the findings of the analyses with what z3 says of the same rules; `python -m tests.analyses.agreement`."""

from __future__ import annotations

import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from htdbu.analyses import analyse
from htdbu.analyses.branches import else_place
from htdbu.analyses.premises import premises
from htdbu.analyses.subject import Subject
from htdbu.compiler.compile import compile_source
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.expressions import Case, children
from htdbu.compiler.program import Program
from htdbu.grammar.source import Source, Span
from tests.analyses import z3_oracle as z3
from tests.analyses.random_rules import random_program_text


def disagreements(program: Program) -> list[str]:
    """Where the analyses and z3 differ, by code; empty where they agree."""
    findings = analyse(program)
    expected = Expected(program)
    reported = Reported(program, findings)
    return [
        f"{code}: z3 says {wanted}, the analyses say {found}"
        for code, wanted in expected.all()
        if wanted != (found := getattr(reported, code.lower())())
    ]


class Expected:
    """What z3 says, with the precedence of the contract."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.hard = {rule.name for rule in program.rules if rule.kind == "hard" and rule.origin != "factor"}

    def all(self) -> Iterator[tuple[str, Any]]:
        """Every code with what should be found."""
        program = self.program
        infeasible = z3.infeasible(program)
        yield "HTR390", set()
        yield "HTR501", infeasible
        if z3.empty_domains(program):
            return
        true, false, silent = z3.always_true(program), z3.always_false(program), z3.never_fires(program)
        yield "HTR401", (true & self.hard) - silent
        yield "HTR402", false & self.hard
        yield "HTR403", silent
        yield "HTR404", set(z3.lookup_gaps(program))
        yield "HTR406", self.branches()
        if infeasible:
            return
        yield "HTR502", z3.dead_premises(program)
        same = {later for later, _ in z3.duplicates(program)} - true - false
        yield "HTR504", same
        yield "HTR503", z3.redundant(program) - true - same
        fixed = z3.fixed_columns(program)
        yield "HTR505", set(fixed)
        yield "HTR506", z3.unreachable_levels(program)
        yield "HTR507", {n: bounds for n, bounds in z3.tight_bounds(program).items() if n not in fixed}
        yield "HTR601", z3.dead_soft(program) - silent
        yield "HTR602", z3.hopeless_soft(program)

    def branches(self) -> set[tuple[int, int]]:
        """The places of the compared branches that no use of them reaches."""
        untaken = z3.untaken_branches(self.program)
        taken: dict[tuple[int, int], list[bool]] = defaultdict(list)
        for owner, expr in z3.owners(self.program):
            for i, place in enumerate(_places(next(_cases(expr), None))):
                taken[place].append(z3.Untaken(owner, 0, i) not in untaken)
        return {place for place in compared(self.program) if not any(taken[place])}


def compared(program: Program) -> set[tuple[int, int]]:
    """The branches that are compared: those of the first choice of a rule, where it stands nowhere else.

    Choices inside of others have fixtures: what is told of them follows from what is told of those around them.
    """
    cases = [list(_cases(expr)) for _, expr in z3.owners(program)]
    inner = {place for found in cases for case in found[1:] for place in _places(case)}
    return {place for found in cases for case in found[:1] for place in _places(case)} - inner


def _places(case: Case | None) -> list[tuple[int, int]]:
    """Where the branches stand; `else` only beside a single one."""
    if case is None:
        return []
    spans = [branch.span for branch in case.branches]
    return [_ends(span) for span in [*spans, *([else_place(case)] if len(spans) == 1 else [])]]


def _cases(expr: Any) -> Iterator[Case]:
    if isinstance(expr, Case):
        yield expr
    for child in children(expr):
        yield from _cases(child)


def _ends(span: Span | None) -> tuple[int, int]:
    assert span is not None
    return span.start, span.end


class Reported:
    """What the analyses found, in the form in which z3 says it."""

    def __init__(self, program: Program, findings: list[Diagnostic]) -> None:
        self.program = program
        self.by_code: dict[str, list[Diagnostic]] = defaultdict(list)
        for finding in findings:
            self.by_code[finding.code].append(finding)

    def _rules(self, code: str) -> set[str]:
        named = {_ends(rule.span): rule.name for rule in self.program.rules}
        return {named[_ends(finding.span)] for finding in self.by_code[code]}

    def _premises(self, code: str) -> set[str]:
        places = {_ends(finding.span) for finding in self.by_code[code]}
        rules = [rule for rule in self.program.rules if rule.origin != "factor"]
        chains = zip(rules, premises(Subject(self.program), rules), strict=True)
        return {rule.name for rule, chain in chains if any(_ends(p.span) in places for p in chain)}

    def _columns(self, code: str) -> list[tuple[str, Diagnostic]]:
        named = {_ends(column.span): column.name for column in self.program.columns}
        return [(named[_ends(finding.span)], finding) for finding in self.by_code[code]]

    def htr390(self) -> set[str]:
        return {finding.message for finding in self.by_code["HTR390"]}

    def htr501(self) -> bool:
        return bool(self.by_code["HTR501"])

    def htr401(self) -> set[str]:
        return self._rules("HTR401")

    def htr402(self) -> set[str]:
        return self._rules("HTR402")

    def htr403(self) -> set[str]:
        return self._premises("HTR403")

    def htr404(self) -> set[str]:
        named = {_ends(lookup.span): lookup.name for lookup in self.program.lookups}
        return {named[_ends(finding.span)] for finding in self.by_code["HTR404"]}

    def htr406(self) -> set[tuple[int, int]]:
        return {_ends(finding.span) for finding in self.by_code["HTR406"]} & compared(self.program)

    def htr502(self) -> set[str]:
        return self._premises("HTR502")

    def htr503(self) -> set[str]:
        return self._rules("HTR503")

    def htr504(self) -> set[str]:
        return self._rules("HTR504")

    def htr505(self) -> set[str]:
        return {name for name, _ in self._columns("HTR505")}

    def htr506(self) -> set[tuple[str, str]]:
        return {(name, finding.message.rpartition(" ")[2].strip('"')) for name, finding in self._columns("HTR506")}

    def htr507(self) -> dict[str, Any]:
        found = {}
        for name, finding in self._columns("HTR507"):
            column = self.program.column(name)
            ends = re.findall(r"in (.*)\.\.(.*?)`", finding.help or "")
            if ends and z3.has_range(column):
                like = column.model_copy(
                    update={"domain": (column.domain[0].model_copy(update={"low": ends[0][0], "high": ends[0][1]}),)}
                )  # type: ignore[index]
                found[name] = z3._declared(like)
        return found

    def htr601(self) -> set[str]:
        return self._rules("HTR601")

    def htr602(self) -> set[str]:
        return self._rules("HTR602")


def main(first: int, last: int) -> None:
    """Compare the programs of many seeds and tell where they differ."""
    wrong, begun, codes = 0, time.process_time(), defaultdict[str, int](int)
    for seed in range(first, last):
        text = random_program_text(seed)
        program = compile_source(Source("a.htr", text)).program
        found = disagreements(program)
        if found:
            wrong += 1
            print(f"--- seed {seed}", *found, sep="\n", flush=True)
    print(f"{last - first} programs, {wrong} with a difference, {time.process_time() - begun:.0f} s", dict(codes))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
