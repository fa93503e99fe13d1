"""The shares that factors and targets state: their keys, what these cover, and their sum."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from htdbu.compiler.context import Context
from htdbu.compiler.diagnostics.kinds import htr102_duplicate_name, htr201_type_mismatch, htr604_bad_shares
from htdbu.compiler.literals import steps
from htdbu.compiler.lowering.domains import declared
from htdbu.compiler.normal import Intervals
from htdbu.compiler.program import Column, Interval, Share
from htdbu.compiler.schema import intervals
from htdbu.compiler.shares import Box, overlap, share_box
from htdbu.grammar import syntax
from htdbu.grammar.source import Span

MOST_VALUES = 1_000
"""A `dist` is taken over at most so many values of a column."""


def stated_shares(
    context: Context, items: tuple[syntax.ShareItem, ...] | None, columns: tuple[Column, ...], span: Span
) -> tuple[Share, ...] | None:
    """Shares over the values of one or several columns; they have to add up to 1.

    Values that no key covers have the share 0, since the keys take up the whole.
    """
    if items is None:
        return None
    domains = [declared(column) for column in columns]
    shares = [share for item in items if (share := _share(context, item, columns, domains)) is not None]
    _report_overlaps(context, shares, columns, span)
    for item in items:
        if not 0 <= item.share.value <= 1:
            context.report(htr604_bad_shares.bad_share(item.span, item.share.value, item.share.span))
    total = sum((item.share.value for item in items), Decimal(0))
    if total != 1 and all(0 <= item.share.value <= 1 for item in items):
        context.report(htr604_bad_shares.bad_total(items[0].span.to(items[-1].span), total))
    return tuple(shares)


def _share(
    context: Context, item: syntax.ShareItem, columns: tuple[Column, ...], domains: Sequence[Intervals]
) -> Share | None:
    if len(item.keys) != len(columns):
        message = f"this names {len(item.keys)} values, but there are {len(columns)} columns"
        context.report(htr201_type_mismatch.KIND.at(item.span, message))
        return None
    values: list[Interval] = []
    for key, column, domain in zip(item.keys, columns, domains, strict=True):
        collection = key if isinstance(key, syntax.Range) else syntax.Set((key,), key.span)
        covered = intervals(context, collection, column.type, column.name)
        if not covered or None in (covered[0].low, covered[0].high) or not _is_narrow(context, key, column):
            return None
        if item.share.value > 0 and not _meets(covered[0], column, domain):
            _report_outside(context, key, covered[0], column)
            return None
        values.append(covered[0])
    return Share(values=tuple(values), share=item.share.value, span=item.span)


def _is_narrow(context: Context, key: syntax.LiteralNode | syntax.Range, column: Column) -> bool:
    """Whether a key may stand there: a range needs a column whose values can be planned one by one."""
    if not isinstance(key, syntax.Range) or (count_values(column) or MOST_VALUES + 1) <= MOST_VALUES:
        return True
    message = f"shares of ranges need a declared range of up to {MOST_VALUES} values, unlike that of `{column.name}`"
    context.report(htr201_type_mismatch.KIND.at(key.span, message))
    return False


def count_values(column: Column) -> int | None:
    """How many values a column's declared domain has; None where it has no bound."""
    total = 0
    for low, high in declared(column) or ((None, None),):
        if low is None or high is None:
            return None
        total += high - low + 1
    return total


def _meets(key: Interval, column: Column, domain: Intervals) -> bool:
    """Whether a key covers a value of the column's domain, a part of which may do."""
    if column.type.kind == "text":
        return True
    ((first, last),) = share_box(Share(values=(key,), share=Decimal(0)), (column,))
    return any(
        max(first, first if low is None else low) <= min(last, last if high is None else high) for low, high in domain
    )


def _report_outside(
    context: Context, key: syntax.LiteralNode | syntax.Range, covered: Interval, column: Column
) -> None:
    """A share above 0 of values that no row may hold could never be kept."""
    message = f"`{column.name}` has no value in {shown(covered)}"
    if not isinstance(key, syntax.Range):
        message = f"{shown(covered)} lies outside the domain of `{column.name}`"
    domain = ", ".join(shown(part) for part in (column.domain or ()))
    note = f"`{column.name}` is declared in {domain}" if domain else None
    context.report(htr201_type_mismatch.KIND.at(key.span, message, note=note))


def _report_overlaps(context: Context, shares: list[Share], columns: tuple[Column, ...], span: Span) -> None:
    """A value that two keys cover would have two shares."""
    boxes = [share_box(share, columns) for share in shares]
    points: dict[Box, int] = {}
    ranges: list[int] = []
    for i, (share, box) in enumerate(zip(shares, boxes, strict=True)):
        earlier = [points[box]] if box in points else [j for j in ranges if overlap(boxes[j], box)]
        if any(low != high for low, high in box):
            earlier += [j for j in points.values() if overlap(boxes[j], box)]
            ranges.append(i)
        else:
            points.setdefault(box, i)
        if earlier:
            first = shares[min(earlier)]
            place, before = share.span or span, first.span or span
            if boxes[min(earlier)] == box:
                context.report(htr102_duplicate_name.duplicate_name("value", _key(share), place, before))
            else:
                common = _common(first, share, columns)
                context.report(htr102_duplicate_name.overlap(common, _key(first), _key(share), place, before))


def _common(one: Share, other: Share, columns: tuple[Column, ...]) -> str:
    """The values that two overlapping keys share, written with the ends that the keys have."""
    parts = []
    for a, b, column in zip(one.values, other.values, columns, strict=True):
        low = max((str(a.low), str(b.low)), key=lambda text: steps(text, column.type))
        high = min((str(a.high), str(b.high)), key=lambda text: steps(text, column.type))
        parts.append(shown(Interval(low=low, high=high)))
    return _listed(parts)


def _key(share: Share) -> str:
    return _listed([shown(value) for value in share.values])


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({', '.join(parts)})"


def shown(value: Interval) -> str:
    """A value or a range as it is named; an open side is left out."""
    low, high = ("" if end is None else end for end in (value.low, value.high))
    return low if value.low == value.high else f"{low}..{high}"
