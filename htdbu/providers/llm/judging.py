"""What is right and wrong with a rule file that a model wrote, held against the table that it is for.

Nothing of the file's doing reads the disk: imports and lookups in files are cut out before it is compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from htdbu.analyses import analyse
from htdbu.compiler.compile import Compilation, compile_json, compile_tree
from htdbu.compiler.context import Context
from htdbu.compiler.diagnostics.kinds.htr704_data_misses_column import missing
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.diagnostics.view import View
from htdbu.compiler.program import Column, Program
from htdbu.compiler.writing import UnwritableError, write_program
from htdbu.errors import HtdbuError
from htdbu.grammar import syntax
from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source, Span
from htdbu.providers.base import Request
from htdbu.providers.llm.answers import NoRulesError, is_json
from htdbu.providers.llm.rates import Rate, rate_of
from htdbu.solver.check import check
from htdbu.solver.examples import findings as run_findings
from htdbu.solver.examples import run_tests

TOLERATED = 0.01
"""A hard rule may be broken by this share of the real rows; by more, and it is told to the model."""
FILE = "rules.htr"
_TOO_MANY = 5
"""A file with more statements than this times the rules that are wanted is not judged at all."""
_PROOF_EFFORT = 0.2
"""Deterministic seconds for one proof; the model waits, and what stays open is no finding."""


@dataclass(frozen=True)
class Wrong:
    """A place that cannot stay as it is, and why."""

    span: Span
    reason: str


@dataclass(frozen=True)
class Judgement:
    """A file and what was found out about it.

    Attributes:
        text: the file, in the rule language.
        compilation: of the file without what is barred.
        barred: statements that a draft may not have.
        findings: of the compiler, of the proofs and of the table's headers.
        undeclared: headers of the table that no column has.
        surplus: so many rules there are beyond the number that is wanted.
        measure: how `rates` are found; a file that does not compile is mended without them.
    """

    text: str
    compilation: Compilation
    barred: tuple[Wrong, ...]
    findings: tuple[Diagnostic, ...]
    undeclared: tuple[str, ...]
    surplus: int
    view: View = field(repr=False)
    measure: Callable[[], tuple[Rate, ...]] = field(repr=False)

    @cached_property
    def rates(self) -> tuple[Rate, ...]:
        """How often the real rows break its rules."""
        return self.measure()

    @property
    def program(self) -> Program:
        """The program of what is sound."""
        return self.compilation.program

    @property
    def errors(self) -> list[Diagnostic]:
        """The findings that a file may not have."""
        return [finding for finding in self.findings if finding.is_error]

    @property
    def broken(self) -> list[Rate]:
        """Everything hard that the real rows break too often."""
        return [rate for rate in self.rates if rate.kind != "soft" and rate.share > TOLERATED]

    @property
    def faults(self) -> int:
        """How many things are wrong with it; of two files the one with fewer is the better."""
        return len(self.errors) + len(self.barred) + len(self.broken) + len(self.undeclared) + self.surplus


class Judge:
    """Judges files for one table."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self._headers = [str(header) for header in request.frame.columns]

    def judge(self, text: str) -> Judgement:
        """Judge a file in the rule language, or in the JSON form, which is then written in the rule language.

        Raises:
            NoRulesError: there is no table in it, or far too much.
        """
        if is_json(text):
            text = _from_json(text)
        source = Source(FILE, text)
        tree = parse(source)
        barred = tuple(_barred(tree))
        cut = Source(FILE, _blanked(text, barred))
        cut_tree = parse(cut) if barred else tree
        if any(_barred(cut_tree)):
            raise NoRulesError(
                "Your file has imports that cannot be told apart from its other statements. Leave them out."
            )
        compilation = compile_tree(Context(cut, cut_tree, {}))
        program = compilation.program
        if not program.columns:
            raise NoRulesError("Your file has no table with columns. Answer with the whole file.")
        most = _TOO_MANY * max(self.request.max_rules, len(self._headers), 20)
        if sum(map(len, (program.rules, program.targets, program.columns, program.tests))) > most:
            raise NoRulesError(f"Your file is far too long. Write at most {self.request.max_rules} rules.")
        view = View(source, tree=tree)
        absent = [c for c in program.columns if c.header not in self._headers and c.derived is None]
        findings = [*compilation.diagnostics]
        findings += [missing(c.name, c.header, c.span, self._headers, view) for c in absent if c.span is not None]
        if not compilation.errors:
            findings += _later(program)
        declared = {column.header for column in program.columns}
        surplus = max(sum(1 for _ in view.parts(syntax.RuleDecl)) - self.request.max_rules, 0)
        undeclared = tuple(header for header in self._headers if header not in declared)
        rates = partial(self._rates, program, absent)
        return Judgement(text, compilation, barred, tuple(findings), undeclared, surplus, view, rates)

    def _rates(self, program: Program, absent: Sequence[Column]) -> tuple[Rate, ...]:
        """How often rows break each rule; columns that the table lacks are null throughout."""
        request = self.request
        frame = request.frame.assign(**dict.fromkeys(column.header for column in absent))
        report = check(program, frame, nulls=request.nulls)
        own = {f"{column.name}.null" for column in absent}
        rules = (rule for rule in report.rules if rule.name not in own)
        return tuple(rate_of(rule, report.n_rows, request.min_count) for rule in rules)


def _later(program: Program) -> list[Diagnostic]:
    """Tests that do not hold, and what can be proved of the rules, but for what is about style or stays open."""
    kept = ("HTR401", "HTR402", "HTR403", "HTR405", "HTR5", "HTR6", "HTR9")
    found = [*run_findings(run_tests(program), FILE), *analyse(program, _PROOF_EFFORT)]
    return sorted((one for one in found if one.code.startswith(kept)), key=lambda one: (one.span.start, one.code))


def _from_json(text: str) -> str:
    """The JSON form in the rule language.

    Raises:
        NoRulesError: it is none.
    """
    compilation = compile_json(Source("rules.json", text))
    if compilation.errors:
        said = "\n".join(finding.message for finding in compilation.errors[:20])
        raise NoRulesError(f"Your file is not the JSON form of a program. Write it in the rule language.\n{said}")
    try:
        return write_program(compilation.program)
    except (UnwritableError, HtdbuError) as error:
        raise NoRulesError(f"Your file cannot be written in the rule language: {error.message}") from None


def _barred(tree: syntax.Tree) -> Iterator[Wrong]:
    """The statements that read other files."""
    for statement in tree.statements:
        if isinstance(statement, syntax.ImportDecl):
            yield Wrong(statement.span, "a draft imports no other file")
        elif isinstance(statement, syntax.LookupDecl) and statement.path is not None:
            yield Wrong(statement.span, "a draft reads no other file; write the lookup's rows into the file")


def _blanked(text: str, parts: tuple[Wrong, ...]) -> str:
    """A text with spaces in place of some parts, so that everything else stays where it is."""
    for part in parts:
        start, end = part.span.start, part.span.end
        text = text[:start] + "".join(sign if sign == "\n" else " " for sign in text[start:end]) + text[end:]
    return text
