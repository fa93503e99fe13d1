"""The rule file that findings make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from htdbu.compiler.program import Column, ColumnType, Program
from htdbu.compiler.writing.leaves import write_name, write_text
from htdbu.grammar.formatting import format_source
from htdbu.grammar.source import Source
from htdbu.providers.declaration import name_of
from htdbu.providers.mined import words
from htdbu.providers.mined.finding import Finding

_NAMES = {
    "order": "{0}_within_{1}",
    "ratio": "{0}_as_share_of_{1}",
    "year": "year_of_{0}_with_{1}",
    "calendar": "{0}_in_calendar",
    "multiple": "{0}_in_multiples",
    "sentinel": "{0}_or_code",
    "equivalence": "{0}_exactly_where_{1}",
    "implication": "{0}_where_{1}",
    "bound by class": "{0}_where_{1}",
    "bound by cut": "{0}_by_{1}",
}
"""What a rule is called, by its kind: from the columns that it is about, the last of which is its condition."""
_NAME = "{0}_with_{1}"
"""What a rule of another kind is called."""


@dataclass(frozen=True)
class Skeleton:
    """What is written whatever was found: the columns, and what there is to say of the table.

    Attributes:
        docs: what is to be read above a column, by its name.
    """

    program: Program
    doc: str
    docs: Mapping[str, Sequence[str]]
    rows: int


def named(findings: Iterable[Finding]) -> Iterator[tuple[str, Finding]]:
    """The findings with what reports call them: `age.domain`, `fd(a -> b)`, the rule's own name."""
    taken: set[str] = set()
    for finding in findings:
        if finding.place == "rule":
            plain = rule_name(finding)
            name = next(n for i in range(len(taken) + 2) if (n := plain if not i else f"{plain}_{i + 1}") not in taken)
            taken.add(name)
            yield name, finding
        else:
            yield _reported(finding), finding


def rule_name(finding: Finding) -> str:
    """What a rule is called if no other one is."""
    first, last = finding.columns[0], finding.columns[-1]
    return name_of(_NAMES.get(finding.kind, _NAME).format(first, last))


def _reported(finding: Finding) -> str:
    first, rest = finding.columns[0], ", ".join(finding.columns[1:])
    match finding.place:
        case "fd":
            return f"fd({first} -> {rest})"
        case "unique":
            return f"unique({', '.join(finding.columns)})"
        case "key":
            return f"key({first})"
        case "factor":
            return f"factor({first})"
        case place:
            return f"{first}.{place}"


def text_of(skeleton: Skeleton, findings: Sequence[Finding]) -> str:
    """The rule file, laid out."""
    lines = [f"## {skeleton.doc}", f"table {write_name(skeleton.program.name or 'data')} {{"]
    lines += [line for column in skeleton.program.columns for line in _column(column, skeleton, findings)]
    lines += ["}", ""]
    told = [(name, finding) for name, finding in named(findings) if finding.is_rule]
    for chosen in (_is_hard_rule, _is_soft_rule, _is_table_rule):
        group = [line for name, finding in told if chosen(finding) for line in _rule(name, finding, skeleton.rows)]
        lines += [*group, ""] if group else []
    lines += [line for finding in findings if finding.place == "factor" for line in (f"## {finding.doc}", finding.text)]
    text = "\n".join(lines) + "\n"
    return format_source(Source("draft.htr", text)) or text


def _is_hard_rule(finding: Finding) -> bool:
    return finding.place == "rule" and finding.is_hard


def _is_soft_rule(finding: Finding) -> bool:
    return finding.place == "rule" and not finding.is_hard


def _is_table_rule(finding: Finding) -> bool:
    return finding.place in ("fd", "unique")


def _rule(name: str, finding: Finding, rows: int) -> Iterator[str]:
    yield f"## {words.evidence(finding, rows)}"
    if finding.place != "rule":
        yield finding.text
    else:
        yield f"{'hard' if finding.is_hard else 'soft'} {write_name(name)}: {finding.text}"


def _column(column: Column, skeleton: Skeleton, findings: Sequence[Finding]) -> Iterator[str]:
    own = {f.place: f for f in findings if not f.is_rule and f.columns[0] == column.name}
    yield from (f"  ## {doc}" for doc in skeleton.docs.get(column.name, ()))
    if "note" in own:
        yield f"  ## {own['note'].doc}"
    if "derived" in own:
        yield f"  ## {words.evidence(own['derived'], skeleton.rows)}"
    parts = [f"  {write_name(column.name)}: {_type(column.type)}"]
    if "domain" in own and "derived" not in own:
        parts.append(own["domain"].text)
    if "null" not in own:
        parts.append("null")
    if "key" in own:
        parts.append("key")
    if column.header != column.name:
        parts.append(f"as {write_text(column.header)}")
    if "derived" in own:
        parts.append(f"= {own['derived'].text}")
    yield " ".join(parts)


def _type(kind: ColumnType) -> str:
    match kind.kind:
        case "decimal":
            return f"decimal({kind.scale})"
        case "category":
            sign = " < " if kind.ordered else ", "
            return f"category {'ordered ' if kind.ordered else ''}{{ {sign.join(map(write_text, kind.levels))} }}"
        case plain:
            return plain
