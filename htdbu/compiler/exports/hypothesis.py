"""A module of Hypothesis strategies: the program itself in its JSON form, and the calls of `htdbu.testing`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from htdbu.compiler.exports import Export

if TYPE_CHECKING:
    from htdbu.compiler.program import Program

_MODULE = '''{docstring}

from __future__ import annotations

from functools import cache

import htdbu
from htdbu import testing
from hypothesis import strategies as st

# Every hard rule, those of factors too. One that the columns' declarations imply is broken by no row.
{rules}
PROGRAM = htdbu.Program.model_validate_json(r"""{program}
""")


@cache
def rows() -> st.SearchStrategy[testing.Row]:
    """Rows that satisfy every domain and hard rule."""
    return testing.rows(PROGRAM)


@cache
def invalid_rows(rule: str) -> st.SearchStrategy[testing.Row]:
    """Rows that break one rule, and as few others as can be; htdbu.errors.UsageError where no row breaks it."""
    return testing.invalid_rows(PROGRAM, rule)


@cache
def tables(min_size: int = 0, max_size: int = 10) -> st.SearchStrategy[object]:
    """Frames of rows that satisfy every hard rule, those over several rows too."""
    return testing.tables(PROGRAM, min_size, max_size)
'''


def render(program: Program, **options: object) -> str:
    """Python source that needs htdbu and Hypothesis."""
    from htdbu.compiler.exports.python_source.layout import docstring, laid_out, quoted, tuple_of

    rules = [quoted(rule.name) for rule in program.rules if rule.kind == "hard"]
    return _MODULE.format(
        docstring=docstring(_about(program), 0),
        rules=laid_out(tuple_of(rules), before="RULES = "),
        program=_json(program),
    )


def _about(program: Program) -> str:
    """What the module is, with the names of columns and rules."""
    name = program.name or "a table"
    columns = ", ".join(column.header for column in program.columns)
    parts = [f"Hypothesis strategies of rows of {name}, written by htdbu; needs `pip install 'htdbu[testing]'`."]
    parts += [program.doc] if program.doc else []
    parts.append(f"Columns: {columns}.")
    for kind in ("hard", "soft"):
        rules = ", ".join(rule.name for rule in program.rules if rule.kind == kind)
        parts += [f"{kind.capitalize()} rules: {rules}."] if rules else []
    return "\n\n".join(parts)


def _json(program: Program) -> str:
    """The JSON form with a line for every column, rule and so on; a raw string in three quotes can hold it."""
    lines = []
    for key, value in json.loads(program.model_dump_json()).items():
        text = json.dumps(value)
        if isinstance(value, list) and value:
            text = "[\n" + ",\n".join(json.dumps(item) for item in value) + "\n]"
        lines.append(f"{json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}"


EXPORT = Export("hypothesis", ".py", "Hypothesis strategies of valid and of invalid rows, by htdbu.testing", render)
