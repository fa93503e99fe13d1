"""A whole rule file, line by line, and laid out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from htdbu.compiler.diagnostics.kinds import htr001_syntax
from htdbu.compiler.expressions import Expr
from htdbu.compiler.program import Program, Rule
from htdbu.compiler.writing import planning, statements
from htdbu.compiler.writing.errors import UnwritableError
from htdbu.compiler.writing.expressions import Writer
from htdbu.compiler.writing.leaves import write_name
from htdbu.grammar.formatting import format_source
from htdbu.grammar.source import Source

Written = Callable[[], Iterable[str]]
"""Gives the lines of one declaration."""
Part = list[tuple[str, Written]]
"""Declarations, each with what reports call it."""

NAMELESS = "data"
"""What a table without a name is called."""


@dataclass(frozen=True)
class Line:
    """A line of a file, and what it says something of: "rule `adult`". One that cannot be said is an error."""

    owner: str
    text: str
    error: UnwritableError | None = None


def write_program(program: Program) -> str:
    """A complete rule file, laid out as `htdbu fmt` does.

    Raises:
        UnwritableError: where it says what the language has no words for.
    """
    written = lines(program)
    for line in written:
        if line.error is not None:
            raise line.error
    text = format_source(Source("program.htr", joined(written)))
    if text is None:
        raise UnwritableError(htr001_syntax.KIND, "the program is nested too deeply for a text")
    return text


def joined(written: Iterable[Line]) -> str:
    """The text of lines, which is right but not laid out."""
    return "".join(f"{line.text}\n" for line in written)


def lines(program: Program) -> list[Line]:
    """The lines of a program, not laid out, with an empty line between the parts of the file."""
    found: list[Line] = []
    for part in _parts(program):
        found += [Line("", "")] if found and part else []
        for owner, written in part:
            found += _owned(owner, written)
    return found


def _owned(owner: str, written: Written) -> list[Line]:
    """The lines of one declaration; the one line that tells why there are none."""
    try:
        return [Line(owner, text) for text in written()]
    except UnwritableError as error:
        return [Line(owner, "", error)]


def _parts(program: Program) -> Iterator[Part]:
    """The declarations of each kind, in the order of a file."""
    writer = Writer(statements.values_of(program.params))
    yield _table(program, writer)
    yield [(f"param `{param.name}`", partial(statements.param_lines, param)) for param in program.params]
    yield [(f"lookup `{t.name}`", partial(statements.lookup_lines, t, program)) for t in program.lookups]
    yield from (list(_rules(guard, group, writer)) for guard, group in statements.guarded(program.rules))
    yield [(f"`{unique.name}`", partial(statements.unique_lines, unique)) for unique in program.uniques]
    yield [(f"`{fd.name}`", partial(statements.dependency_lines, fd)) for fd in program.dependencies]
    yield [(f"factor `{f.column}`", partial(planning.factor_lines, f, program)) for f in program.factors]
    yield [(f"target `{t.name}`", partial(planning.target_lines, t, program, writer)) for t in program.targets]
    yield [(f'test "{test.title}"', partial(statements.test_lines, test)) for test in program.tests]


def _table(program: Program, writer: Writer) -> Part:
    if program.name is None and not program.columns:
        return []
    columns = [(f"column `{c.name}`", partial(statements.column_lines, c, writer)) for c in program.columns]
    return [
        ("the table", lambda: statements.doc_lines(program.doc)),
        ("the table", lambda: [f"table {write_name(NAMELESS if program.name is None else program.name)} {{"]),
        *columns,
        ("the table", lambda: ["}"]),
    ]


def _rules(guard: Expr | None, group: Sequence[Rule], writer: Writer) -> Iterator[tuple[str, Written]]:
    first = f"rule `{group[0].name}`"
    if guard is not None:
        yield first, partial(statements.guard_lines, guard, writer)
    yield from ((f"rule `{rule.name}`", partial(statements.rule_lines, rule, writer)) for rule in group)
    if guard is not None:
        yield first, lambda: ["}"]
