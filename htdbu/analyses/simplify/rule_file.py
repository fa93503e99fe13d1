"""A rule file as a set of parts that can be written otherwise, and where in the text they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from htdbu.analyses.simplify.candidates import Origin, Part
from htdbu.analyses.simplify.measure import Size, size
from htdbu.analyses.simplify.names import NamesKept, NamesWriter, expanded
from htdbu.analyses.simplify.shapes import chain, tidy
from htdbu.compiler.compile import Compilation
from htdbu.compiler.context import Context
from htdbu.compiler.expressions import Expr, call
from htdbu.grammar import syntax
from htdbu.grammar.source import Source, Span

Parts = Mapping[str, Part]
"""The parts by name, in the order of the file."""
_ORIGINS: dict[str, Origin] = {"hard": "hard", "soft": "soft", "forbid": "forbid"}
SILENCED = frozenset({"HTR401", "HTR403", "HTR503", "HTR504", "HTR601"})
"""Who silences one of these wants the rule to stay."""


@dataclass
class RuleFile:
    """The file of a compilation without errors.

    Attributes:
        parts: as they are written now.
        rules, whens: their declarations, by the names of the parts.
        named: the rules that an example asks for by name: they stay, and say what they say by themselves.
        kept: the rules of which that holds since the author silences what says that others imply them.
    """

    source: Source
    parts: dict[str, Part] = field(default_factory=dict)
    rules: dict[str, syntax.RuleDecl] = field(default_factory=dict)
    whens: dict[str, syntax.When] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)

    def written(self, part: Part) -> str:
        """A part as a text, but for its name: `hard: x >= 1`."""
        return f"{part.origin}: {self.body(part)}"

    def body(self, part: Part) -> str:
        """The condition of a part as a text."""
        return self.shown(part.body)

    def shown(self, expr: Expr) -> str:
        """An expression as a text."""
        return NamesWriter(self.source).write(expr)

    def now(self, name: str) -> str:
        """The condition of a part as it stands in the file."""
        place = self.place(name)
        return self.source.text[place.start : place.end]

    def place(self, name: str) -> Span:
        """Where the condition of a part stands, with all its brackets."""
        if name in self.whens:
            when = self.whens[name]
            return self._trimmed(when.span.start + len("when"), self._opener(when))
        rule = self.rules[name]
        return self._trimmed(self.source.text.index(":", rule.name.span.end) + 1, rule.span.end)

    def _opener(self, when: syntax.When) -> int:
        """The brace that begins the block: the last one before what stands in it."""
        first = when.body[0].span.start if when.body else when.span.end
        return self.source.text.rindex("{", when.condition.span.end, first)

    def _trimmed(self, start: int, end: int) -> Span:
        text = self.source.text[start:end]
        return Span(self.source.name, start + len(text) - len(text.lstrip()), start + len(text.rstrip()))

    def size_now(self, name: str) -> Size:
        """The size of a part as it stands in the file."""
        return size(f"{self.parts[name].origin}: {self.now(name)}")

    def size_written(self, part: Part) -> Size:
        """The size that a part has when it is written anew."""
        return size(self.written(part))


def rule_file(compilation: Compilation, context: Context) -> RuleFile:
    """The rules of a file that was compiled, in a context, without errors."""
    found = RuleFile(context.source)
    _read(found, NamesKept(context), context.tree.statements, ())
    for statement in context.tree.statements:
        if isinstance(statement, syntax.TestDecl):
            found.named |= {example.by.value for example in statement.examples if example.by is not None}
    for ignore in compilation.ignores:
        if ignore.code in SILENCED:
            covered = (ignore.covered.start, ignore.covered.end)
            found.kept |= {n for n, r in found.rules.items() if covered[0] <= r.span.start and r.span.end <= covered[1]}
    return found


def _read(
    found: RuleFile, resolver: NamesKept, statements: Iterable[syntax.Statement], guards: tuple[str, ...]
) -> None:
    for statement in statements:
        if isinstance(statement, syntax.RuleDecl):
            name = statement.name.value
            found.rules[name] = statement
            found.parts[name] = Part(name, _ORIGINS[statement.kind], tidy(resolver.expr(statement.body)), guards)
        elif isinstance(statement, syntax.When):
            name = f"when@{statement.span.start}"
            found.whens[name] = statement
            found.parts[name] = Part(name, "when", tidy(resolver.expr(statement.condition)), guards)
            _read(found, resolver, statement.body, (*guards, name))


def outcome(parts: Parts, name: str) -> Expr:
    """What a rule says, its guards and names put in."""
    part = parts[name]
    condition = part.condition
    if part.guards:
        condition = call("implies", chain("and", (parts[guard].body for guard in part.guards)), condition)
    expr: Expr = expanded(condition)
    return expr


def affected(parts: Parts, name: str) -> list[str]:
    """The rules that a part is, or is a guard of."""
    if parts[name].origin != "when":
        return [name]
    return [other for other, part in parts.items() if name in part.guards and part.origin != "when"]
