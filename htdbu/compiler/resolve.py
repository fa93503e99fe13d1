"""Name resolution: syntax trees of expressions become IR expressions over columns alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from htdbu.compiler.diagnostics.kinds import (
    htr101_unknown_name,
    htr104_cycle,
    htr201_type_mismatch,
    htr205_null_in_set,
    htr208_arity,
)
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.expressions import Branch, Call, Case, ColumnRef, Constant, Expr, LookupCall
from htdbu.compiler.extent import Extent
from htdbu.compiler.functions import functions, written_names
from htdbu.compiler.literals import Report, constant
from htdbu.compiler.program import Lookup
from htdbu.grammar import syntax
from htdbu.grammar.source import Source, Span

_ARITHMETIC = {"+": "add", "-": "sub", "*": "mul", "/": "div", "and": "and", "or": "or", "=>": "implies", "<=>": "iff"}
_COMPARISONS = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_TAKE_PATTERNS = frozenset({"sum", "count", "all", "any", "min", "max"})

_MOST_SUGGESTIONS = 1_000
"""So many unknown names of a file are compared with the known ones."""
_LONG_SUM = 16
"""A sum of more terms is put together by halves, so that its depth grows with the logarithm of its length."""

Environment = Mapping[str, Expr]


@dataclass
class Scope:
    """The names of a file, those that broken statements would have declared, and which of them were used.

    Attributes:
        extents: how large every definition gets once those that it uses are put in.
        is_open: whether an import is missing or broken, so that any unknown name may be one of its.
    """

    columns: set[str] = field(default_factory=set)
    params: dict[str, Constant] = field(default_factory=dict)
    defs: dict[str, syntax.DefDecl] = field(default_factory=dict)
    lookups: dict[str, Lookup] = field(default_factory=dict)
    extents: dict[str, Extent] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    is_open: bool = False
    used: set[str] = field(default_factory=set)


class Resolver:
    """Turns expressions of one program into IR; unknown names are reported and stand as columns of no type.

    Args:
        broken: called where a name is unknown only because its declaration is broken, which was reported there.
    """

    def __init__(self, scope: Scope, sources: Mapping[str, Source], report: Report, broken: Callable[[], None]) -> None:
        self.scope = scope
        self.sources = sources
        self.report = report
        self.broken = broken
        self._stack: list[str] = []
        self._unknown_names = 0
        self._circles: dict[frozenset[str], Diagnostic] = {}

    def expr(self, node: syntax.Expression, env: Environment | None = None) -> Expr:
        """The IR of an expression; `env` gives the arguments of the definition that it stands in."""
        env = {} if env is None else env
        match node:
            case syntax.Name():
                return self._name(node, env)
            case syntax.Apply():
                return self._apply(node, env)
            case syntax.Unary(operator="-", operand=operand, span=span):
                return constant(node, self.report) or _call("neg", span, self.expr(operand, env))
            case syntax.Unary(operand=operand, span=span):
                return _call("not", span, self.expr(operand, env))
            case syntax.Binary():
                return self._binary(node, env)
            case syntax.Comparison():
                return self._comparison(node, env)
            case syntax.Membership():
                return self._membership(node, env)
            case syntax.NullTest(item=item, negated=negated, span=span):
                test = _call("is_null", span, self.expr(item, env))
                return _call("not", span, test) if negated else test
            case syntax.Conditional():
                return self._conditional(node, env)
            case syntax.Pattern(span=span):
                self.report(
                    htr208_arity.KIND.at(span, "a column pattern stands only inside sum, count, all, any, min, max")
                )
                return ColumnRef(name="", span=span)
        return constant(node, self.report) or ColumnRef(name="", span=node.span)

    def _name(self, node: syntax.Name, env: Environment) -> Expr:
        name, scope = node.value, self.scope
        if name in env:
            return env[name]
        if name in scope.columns:
            return ColumnRef(name=name, span=node.span)
        if name in scope.params:
            scope.used.add(name)
            return scope.params[name].model_copy(update={"param": name, "span": node.span})
        if name in scope.defs and scope.defs[name].params is None:
            return self._inline(scope.defs[name], (), node.span)
        self._unknown("column, param or def", node, [*env, *scope.columns, *scope.params, *scope.defs])
        return ColumnRef(name=name, span=node.span)

    def _unknown(self, what: str, node: syntax.Name, known: Sequence[str]) -> None:
        self.scope.used.add(node.value)
        if self._is_lost(node.value):
            self.broken()
            return
        if node.value in self.scope.defs or node.value in self.scope.lookups:
            self.report(htr208_arity.KIND.at(node.span, f"`{node.value}` needs its arguments: `{node.value}(…)`"))
        else:
            suggested = self._suggested(known)
            self.report(htr101_unknown_name.unknown_name(what, node.value, node.span, suggested))

    def _suggested(self, names: Sequence[str]) -> Sequence[str]:
        """What an unknown name may have meant; nothing where there are so many that the search would take long."""
        self._unknown_names += 1
        return names if self._unknown_names <= _MOST_SUGGESTIONS else ()

    def _is_lost(self, name: str) -> bool:
        declared = name in self.scope.defs or name in self.scope.lookups
        return name in self.scope.lost or (self.scope.is_open and not declared)

    def _apply(self, node: syntax.Apply, env: Environment) -> Expr:
        name, scope = node.name.value, self.scope
        if name in scope.defs:
            return self._inline(scope.defs[name], tuple(self.expr(arg, env) for arg in node.args), node.span)
        if name in scope.lookups:
            scope.used.add(name)
            return LookupCall(table=name, args=tuple(self.expr(arg, env) for arg in node.args), span=node.span)
        args = self._arguments(node, env)
        if name in functions() and functions()[name].written:
            return Call(function=name, args=args, span=node.span)
        known = [*written_names(), *scope.defs, *scope.lookups]
        if self._is_lost(name):
            self.broken()
        else:
            suggested = self._suggested(known)
            self.report(htr101_unknown_name.unknown_name("function", name, node.name.span, suggested))
        return ColumnRef(name="", span=node.span)

    def _arguments(self, node: syntax.Apply, env: Environment) -> tuple[Expr, ...]:
        args: list[Expr] = []
        for arg in node.args:
            if isinstance(arg, syntax.Pattern) and node.name.value in _TAKE_PATTERNS:
                args.extend(self._pattern(arg))
            else:
                args.append(self.expr(arg, env))
        return tuple(args)

    def _pattern(self, node: syntax.Pattern) -> list[Expr]:
        names = [name for name in self.scope.columns if fnmatchcase(name, node.value)]
        if not names:
            what = "column matching"
            self.report(htr101_unknown_name.unknown_name(what, node.value, node.span, ()))
            return [ColumnRef(name="", span=node.span)]
        return [ColumnRef(name=name, span=node.span) for name in names]

    def _inline(self, definition: syntax.DefDecl, args: tuple[Expr, ...], span: Span) -> Expr:
        name = definition.name.value
        self.scope.used.add(name)
        params = definition.params or ()
        if len(args) != len(params):
            self.report(htr208_arity.KIND.at(span, f"`{name}` takes {len(params)} arguments, not {len(args)}"))
            return ColumnRef(name="", span=span)
        if name in self._stack:
            circle = [*self._stack[self._stack.index(name) :], name]
            places = {part: self.scope.defs[part].name.span for part in circle}
            finding = htr104_cycle.cycle("these definitions", circle, definition.name.span, places)
            self.report(self._circles.setdefault(frozenset(circle), finding))
            return ColumnRef(name="", span=span)
        self._stack.append(name)
        body = self.expr(definition.body, {param.value: arg for param, arg in zip(params, args, strict=True)})
        self._stack.pop()
        return body

    def _binary(self, node: syntax.Binary, env: Environment) -> Expr:
        function = _ARITHMETIC[node.operator]
        if function in ("and", "or", "add"):
            parts = [self.expr(part, env) for part in _chain(node)]
            return _sum(parts, node.span) if function == "add" else _call(function, node.span, *parts)
        return _call(function, node.span, self.expr(node.left, env), self.expr(node.right, env))

    def _comparison(self, node: syntax.Comparison, env: Environment) -> Expr:
        sides = [self.expr(operand, env) for operand in node.operands]
        places = [operand.span for operand in node.operands]
        links = [
            _call(_COMPARISONS[operator], places[i].to(places[i + 1]), sides[i], sides[i + 1])
            for i, operator in enumerate(node.operators)
        ]
        return links[0] if len(links) == 1 else _call("and", node.span, *links)

    def _membership(self, node: syntax.Membership, env: Environment) -> Expr:
        item = self.expr(node.item, env)
        if isinstance(node.collection, syntax.Range):
            inside = self._between(item, node.collection, node.span, env)
        else:
            inside = self._among(item, node, node.collection, env)
        return _call("not", node.span, inside) if node.negated else inside

    def _between(self, item: Expr, ends: syntax.Range, span: Span, env: Environment) -> Expr:
        sides = [
            _call(function, span, item, self.expr(end, env))
            for function, end in (("ge", ends.low), ("le", ends.high))
            if end is not None
        ]
        return sides[0] if len(sides) == 1 else _call("and", span, *sides)

    def _among(self, item: Expr, node: syntax.Membership, items: syntax.Set, env: Environment) -> Expr:
        literals, tests = [], []
        for element in items.items:
            if isinstance(element, syntax.Null):
                self.report(htr205_null_in_set.null_in_set(element.span, self._text(node.item.span), node.negated))
                continue
            if isinstance(element, syntax.Membership | syntax.Comparison):
                self.report(htr201_type_mismatch.KIND.at(element.span, "a set holds values, not conditions"))
                continue
            value = self.expr(element, env)
            if isinstance(value, Constant):
                literals.append(value)
            else:
                tests.append(_call("eq", element.span, item, value))
        if literals or not tests:
            tests.insert(0, _call("in", node.span, item, *literals))
        return tests[0] if len(tests) == 1 else _call("or", node.span, *tests)

    def _conditional(self, node: syntax.Conditional, env: Environment) -> Expr:
        branches = tuple(
            Branch(condition=self.expr(arm.condition, env), value=self.expr(arm.value, env), span=arm.span)
            for arm in node.arms
        )
        return Case(branches=branches, otherwise=self.expr(node.otherwise, env), span=node.span)

    def _text(self, span: Span) -> str:
        return self.sources[span.file].text[span.start : span.end] if span.file in self.sources else "it"


def _call(function: str, span: Span, *args: Expr) -> Call:
    return Call(function=function, args=args, span=span)


def _sum(parts: list[Expr], span: Span) -> Expr:
    """A sum of two or more terms."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2 if len(parts) > _LONG_SUM else len(parts) - 1
    left, right = (
        _sum(half, half[0].span.to(half[-1].span) if half[0].span and half[-1].span else span)
        for half in (parts[:middle], parts[middle:])
    )
    return _call("add", span, left, right)


def _chain(node: syntax.Binary) -> list[syntax.Expression]:
    """The operands of `a and b and c`, without recursion on the left."""
    parts: list[syntax.Expression] = [node.right]
    left = node.left
    while isinstance(left, syntax.Binary) and left.operator == node.operator:
        parts.append(left.right)
        left = left.left
    return [left, *reversed(parts)]
