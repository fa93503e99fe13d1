"""The top-down part as lines of a rule file: factors, shares and targets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from htdbu.compiler.expressions import Constant
from htdbu.compiler.program import Attribute, ColumnType, Factor, FactorBranch, Interval, Program, Share, Target
from htdbu.compiler.writing.errors import no_form
from htdbu.compiler.writing.expressions import Writer
from htdbu.compiler.writing.leaves import (
    write_decimal,
    write_interval,
    write_literal,
    write_name,
    write_names,
    write_share,
    write_values,
)
from htdbu.compiler.writing.statements import doc_lines


def factor_lines(factor: Factor, program: Program) -> Iterator[str]:
    """A factor; the hard rules of its supports are not said apart."""
    shares = "" if factor.shares is None else f" ~ {_shares(factor.shares, _types(program, (factor.column,)))}"
    head = f"factor {write_name(factor.column)}{shares}"
    yield from doc_lines(factor.doc)
    if factor.shares is not None and not factor.branches:
        yield head
        return
    yield f"{head} {{"
    yield from (_branch(branch, factor, program) for branch in factor.branches)
    yield "}"


def _branch(branch: FactorBranch, factor: Factor, program: Program) -> str:
    if not branch.attributes:
        raise no_form("a branch of a factor says something of a column")
    (kind,) = _types(program, (factor.column,))
    attributes = ", ".join(_attribute(attribute, program) for attribute in branch.attributes)
    return f"{_closed(branch.values, kind)} -> {attributes}"


def _attribute(attribute: Attribute, program: Program) -> str:
    kinds = _types(program, (attribute.column,))
    if attribute.shares is not None:
        return f"{write_name(attribute.column)} ~ {_shares(attribute.shares, kinds)}"
    if any(None in (part.low, part.high) for part in attribute.allowed):
        raise no_form("a range in a factor has both ends")
    return f"{write_name(attribute.column)} in {write_values(attribute.allowed, kinds[0])}"


def _shares(shares: Sequence[Share], kinds: Sequence[ColumnType]) -> str:
    if not shares:
        raise no_form("shares of nothing")
    return f"{{ {', '.join(f'{_key(share, kinds)}: {write_share(share.share)}' for share in shares)} }}"


def _key(share: Share, kinds: Sequence[ColumnType]) -> str:
    if len(share.values) != len(kinds):
        raise no_form(f"a share names {len(share.values)} values, but there are {len(kinds)} columns")
    keys = [_closed(part, kind) for part, kind in zip(share.values, kinds, strict=True)]
    return keys[0] if len(keys) == 1 else f"({', '.join(keys)})"


def _closed(part: Interval, kind: ColumnType) -> str:
    if part.low is None or part.high is None:
        raise no_form("a range here has both ends")
    return write_interval(part, kind)


def _types(program: Program, names: Sequence[str]) -> list[ColumnType]:
    """The types of columns; one that is not declared, which is told elsewhere, counts as text."""
    known = program.column_index
    return [program.column(name).type if name in known else ColumnType(kind="text") for name in names]


def target_lines(target: Target, program: Program, writer: Writer) -> Iterator[str]:
    """A target."""
    yield from doc_lines(target.doc)
    yield f"target {write_name(target.name)}: {_measure(target, writer)} {_wanted(target, program)}"


def _measure(target: Target, writer: Writer) -> str:
    given = "" if target.given is None else f" given {writer.write(target.given)}"
    match target.measure:
        case "share":
            if target.condition is None:
                raise no_form("a share is one of a condition")
            return f"share({writer.write(target.condition)}{given})"
        case "dist":
            return f"dist({write_names(target.columns)}{given})"
    if len(target.columns) != 1 or (target.measure == "quantile") != (target.quantile is not None):
        raise no_form(f"`{target.measure}` takes one column{', and `quantile` a number' * (len(target.columns) == 1)}")
    level = "" if target.quantile is None else f", {write_decimal(target.quantile)}"
    return f"{target.measure}({write_name(target.columns[0])}{level}{given})"


def _wanted(target: Target, program: Program) -> str:
    if target.measure == "dist":
        return _distribution(target, program)
    low, high = (None if end is None else _bound(end, target) for end in (target.low, target.high))
    if low is None:
        if high is None:
            raise no_form("a target has a bound")
        return f"<= {high}"
    if high is None:
        return f">= {low}"
    return f"== {low}" if low == high else f"in {low}..{high}"


def _distribution(target: Target, program: Program) -> str:
    if target.real == (target.shares is not None) or target.low is not None or target.high is None:
        raise no_form("a distribution is `real` or one of shares, and has a greatest distance")
    shares = "real" if target.shares is None else _shares(target.shares, _types(program, target.columns))
    return f"~ {shares} within {_bound(target.high, target)}"


def _bound(bound: Constant, target: Target) -> str:
    """A bound of a target, in percent where that is a share of the rows or a distance."""
    shown = write_literal(bound)
    is_share = target.measure in ("share", "dist") and bound.type == "number"
    return write_share(Decimal(str(bound.value))) if is_share else shown
