"""Shows syntax trees as short texts: expressions with all their brackets, the other nodes with what they hold."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from htdbu.grammar import syntax
from htdbu.grammar.source import Source


def shown(node: Any) -> str:
    """An expression with all brackets written."""
    match node:
        case None:
            return ""
        case syntax.Number(value=value):
            return f"{value:f}" if value.adjusted() < 20 else str(value)
        case syntax.Text(value=value):
            return json.dumps(value, ensure_ascii=False)
        case syntax.DateText(value=value) | syntax.Name(value=value):
            return value
        case syntax.Boolean(value=value):
            return str(value).lower()
        case syntax.Null():
            return "null"
        case syntax.Pattern(value=value):
            return f"[{value}]"
        case syntax.Unary(operator=operator, operand=operand):
            return f"({operator} {shown(operand)})"
        case syntax.Binary(operator=operator, left=left, right=right):
            return f"({shown(left)} {operator} {shown(right)})"
        case syntax.Comparison(operands=operands, operators=operators):
            rest = " ".join(f"{sign} {shown(operand)}" for sign, operand in zip(operators, operands[1:], strict=True))
            return f"({shown(operands[0])} {rest})"
        case syntax.Membership(item=item, collection=collection, negated=negated):
            return f"({shown(item)} {'not in' if negated else 'in'} {shown(collection)})"
        case syntax.Range(low=low, high=high):
            return f"{shown(low)}..{shown(high)}"
        case syntax.Set(items=items):
            return "{" + ", ".join(map(shown, items)) + "}"
        case syntax.NullTest(item=item, negated=negated):
            return f"({shown(item)} is {'not ' if negated else ''}null)"
        case syntax.Apply(name=name, args=args):
            return f"{name.value}({', '.join(map(shown, args))})"
        case syntax.Conditional(arms=arms, otherwise=otherwise, form=form):
            listed = "; ".join(f"{shown(arm.condition)} -> {shown(arm.value)}" for arm in arms)
            return f"{form}[{listed}; else {shown(otherwise)}]"
        case tuple():
            return "[" + ", ".join(map(shown, node)) + "]"
        case int() | str():
            return str(node).replace("\n", "\\n")
    return dumped(node)


def dumped(node: Any) -> str:
    """A node that is no expression: its kind, and all fields that hold something."""
    parts = []
    for entry in fields(node):
        value = getattr(node, entry.name)
        if entry.name != "span" and value is not None and value is not False and value != ():
            parts.append(f"{entry.name}={shown(value)}")
    return f"{type(node).__name__}({' '.join(parts)})"


def tree_lines(tree: syntax.Tree) -> list[str]:
    """A whole tree, a line a statement, column or rule, the inner ones indented."""
    return [line for statement in tree.statements for line in _lines(statement)]


def _lines(node: Any) -> list[str]:
    match node:
        case syntax.Table(name=name, columns=columns, doc=doc):
            return [
                f"Table(name={name.value}" + (f" doc={shown(doc)})" if doc else ")"),
                *("  " + dumped(c) for c in columns),
            ]
        case syntax.When(condition=condition, body=body):
            return [f"When(condition={shown(condition)})", *("  " + line for part in body for line in _lines(part))]
    return [dumped(node)]


def finding_lines(tree: syntax.Tree, source: Source) -> list[str]:
    """Every finding: where it begins, what it marks, what it says, and its help."""
    lines = []
    for finding in tree.findings:
        line, column = source.position(finding.span.start)
        marked = source.text[finding.span.start : finding.span.end]
        help = f" | {finding.help}" if finding.help else ""
        lines.append(f"{line}:{column} <{marked}> {finding.code} {finding.message}{help}")
    return lines
