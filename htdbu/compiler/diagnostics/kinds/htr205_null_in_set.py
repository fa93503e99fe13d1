"""HTR205 null-in-set: `null` inside `{…}`."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Edit, Fix, Kind
from htdbu.compiler.diagnostics.view import View, covers
from htdbu.grammar import syntax
from htdbu.grammar.source import Span


def _fixer(finding: Diagnostic, view: View) -> Fix | None:
    """The test for null beside the set; where the set is a column's domain, the column's own `null`."""
    null = view.at(syntax.Null, finding.span)
    if null is None:
        return None
    held = view.parent(null)
    owner = view.parent(held)
    if isinstance(owner, syntax.Membership) and isinstance(held, syntax.Set):
        return _tested(owner, held, view)
    column = next((one for one in view.columns() if covers(one.span, null.span)), None)
    if isinstance(held, syntax.Set) and len(_others(held)) > 0:
        edits = [Edit(held.span, _without(held, view))]
        if column is None or column.nullable:
            return Fix("leave `null` out", tuple(edits))
        return Fix("declare the column `null`", (*edits, view.after_type(column, "null")))
    return None


def _others(held: syntax.Set) -> list[syntax.Expression]:
    return [item for item in held.items if not isinstance(item, syntax.Null)]


def _without(held: syntax.Set, view: View) -> str:
    """The set without its nulls, and without the commas that belong to them."""
    text, items, start = view.text(held.span), held.items, held.span.start
    for i in range(len(items) - 1, -1, -1):
        if isinstance(items[i], syntax.Null):
            is_last = all(isinstance(item, syntax.Null) for item in items[i:])
            first = items[i - 1].span.end if is_last else items[i].span.start
            end = items[i].span.end if is_last else items[i + 1].span.start
            text = text[: first - start] + text[end - start :]
    return text


def _tested(owner: syntax.Membership, held: syntax.Set, view: View) -> Fix:
    """`x in { … } or x is null`, or `x not in { … } and x is not null`, in brackets where they are needed."""
    item = view.text(owner.item.span)
    test = f"{item} is not null" if owner.negated else f"{item} is null"
    if not _others(held):
        return Fix(f"use `{test}`", (Edit(owner.span, test),))
    link = "and" if owner.negated else "or"
    text = view.text(Span(owner.span.file, owner.span.start, held.span.start)) + _without(held, view)
    text += f" {link} {test}"
    if _is_torn(view.parent(owner), link) and not _has_brackets(owner, view):
        text = f"({text})"
    return Fix(f"add `{link} {test}`", (Edit(owner.span, text),))


def _is_torn(parent: object, link: str) -> bool:
    """Whether an operator before or behind would tear the test from its set."""
    if isinstance(parent, syntax.Binary):
        return parent.operator == "and" and link == "or"
    return isinstance(parent, syntax.Unary)


def _has_brackets(owner: syntax.Membership, view: View) -> bool:
    text = view.source.text
    return text[: owner.span.start].rstrip()[-1:] == "(" and text[owner.span.end :].lstrip()[:1] == ")"


KIND = Kind(
    code="HTR205",
    name="null-in-set",
    severity="error",
    meaning="`null` inside `{…}`.",
    why=("A comparison with null is unknown, never true, so the null in the set would do nothing."),
    failing="""\
table t {
  age : int in 0..120 null
}
hard r: age in { 18, null }
""",
    mended="""\
table t {
  age : int in 0..120 null
}
hard r: age in { 18 } or age is null
""",
    fixer=_fixer,
)


def null_in_set(span: Span, item: str, negated: bool = False) -> Diagnostic:
    """A null among the items of a set; `item` is the text of what is looked up."""
    test = f"and {item} is not null" if negated else f"or {item} is null"
    return KIND.at(span, "`null` in a set does nothing", help=f"leave it out and add `{test}`")


def null_in_domain(span: Span, column: str) -> Diagnostic:
    """A null among the literals that a column may hold."""
    help = f"leave it out: `null` after the type says that `{column}` may be null"
    return KIND.at(span, "`null` in a set does nothing", help=help)
