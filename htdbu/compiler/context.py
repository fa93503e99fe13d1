"""What the passes of a compilation share: the sources, the names, the findings, the parts made so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from htdbu.compiler.diagnostics.kinds import htr001_syntax
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.expressions import ColumnRef, Expr
from htdbu.compiler.extent import extent, names_in
from htdbu.compiler.ignores import Ignore, ignores_of
from htdbu.compiler.memory import Memory
from htdbu.compiler.program import Column, ExampleTest, Factor, FunctionalDependency, Param, Rule, Target, Unique
from htdbu.compiler.resolve import Resolver, Scope
from htdbu.compiler.typing import Typer
from htdbu.grammar import syntax
from htdbu.grammar.source import Source, Span


@dataclass
class Context:
    """The state of one compilation.

    Attributes:
        overrides: values that the caller gives to params.
        broken_rules: names of rules that are not sound, which was reported.
        texts: texts that stand in for files that are imported, by their resolved paths.
        memory: what the last compilation of the same file, before an edit, found out.
        findings: everything reported so far, each once.
        ignores: the directives that silence findings.
    """

    source: Source
    tree: syntax.Tree
    overrides: Mapping[str, object]
    memory: Memory | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    scope: Scope = field(default_factory=Scope)
    findings: list[Diagnostic] = field(default_factory=list)
    table: syntax.Table | None = None
    columns: dict[str, Column] = field(default_factory=dict)
    imported: dict[Span, tuple[syntax.ParamDecl | syntax.DefDecl | syntax.LookupDecl, ...]] = field(
        default_factory=dict
    )
    params: list[Param] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    factors: list[Factor] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    uniques: list[Unique] = field(default_factory=list)
    dependencies: list[FunctionalDependency] = field(default_factory=list)
    tests: list[ExampleTest] = field(default_factory=list)
    broken_rules: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.sources[self.source.name] = self.source
        self.ignores: tuple[Ignore, ...] = ignores_of(self.tree)
        self._seen: set[object] = set()
        self._errors = 0
        self.resolver = Resolver(self.scope, self.sources, self.report, self.mark_broken)
        self.typer = Typer(self.columns, self.scope.lookups, self.report)

    def report(self, finding: Diagnostic) -> None:
        """Take a finding, unless the same was said of the same place before."""
        self._errors += finding.is_error
        key = (finding.code, finding.span, finding.message)
        if key not in self._seen:
            self._seen.add(key)
            self.findings.append(finding)

    def mark_broken(self) -> None:
        """Count an error that is not said, since its cause was said elsewhere."""
        self._errors += 1

    @contextmanager
    def sound(self) -> Iterator[list[bool]]:
        """Tells afterwards, in the one cell of a list, whether no error was reported inside the block."""
        before, verdict = self._errors, [True]
        yield verdict
        verdict[0] = self._errors == before

    def statements(self, *kinds: type) -> Iterator[syntax.Statement]:
        """The statements of the given kinds, those of imported files first, in order."""
        for declarations in self.imported.values():
            yield from (statement for statement in declarations if isinstance(statement, kinds))
        yield from (statement for statement in self.tree.statements if isinstance(statement, kinds))

    def condition(self, node: syntax.Expression, what: str) -> Expr:
        """Resolve and type an expression that has to be a condition."""
        expr = self.expression(node)
        self.typer.condition(expr, what)
        return expr

    def expression(self, node: syntax.Expression, env: Mapping[str, Expr] | None = None) -> Expr:
        """Resolve an expression, unless it grows beyond all measure once its definitions are put in."""
        if not extent(node, self.scope.extents, env or ()).is_too_large:
            return self.resolver.expr(node, env)
        self.refuse(node)
        return ColumnRef(name="", span=node.span)

    def refuse(self, node: syntax.Expression) -> None:
        """Report an expression that is too large, unless it is so because of a definition, which is reported."""
        names = set(names_in(node))
        self.scope.used |= names
        if any(self.scope.extents[name].is_too_large for name in names & self.scope.extents.keys()):
            self.mark_broken()
        else:
            self.report(htr001_syntax.too_large(node.span))
