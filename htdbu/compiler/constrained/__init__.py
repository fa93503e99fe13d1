"""Grammars that hold a language model to one table: whatever they let it write is a rule file without errors."""

from __future__ import annotations

from htdbu.compiler.constrained import gbnf, lark
from htdbu.compiler.constrained.columns import columns_of_table
from htdbu.compiler.constrained.statements import Statements
from htdbu.compiler.exports import Omitted, ignore
from htdbu.compiler.expressions import Call, Case, Expr, LookupCall, children
from htdbu.compiler.program import Program
from htdbu.compiler.writing.program import write_program
from htdbu.errors import UsageError

WRITERS = {"gbnf": gbnf.write, "llguidance": lark.write}
"""What writes each form."""
MOST_RULES = 200
LONGEST_TABLE = 100_000
"""A table statement of more characters than this is too long for a lexer as fixed text, and for a model to repeat."""


def grammar(program: Program, form: str, max_rules: int = 40, *, table: bool = True, omitted: Omitted = ignore) -> str:
    """A grammar of rule files about the table of a program; its rules and targets are left aside.

    The table statement is fixed text. Columns, literals and operations are those that type-check; how deep and how
    long everything may get is bounded. `docs/constrained-decoding.md` says what of the language is left out.

    Args:
        form: `llguidance` (its Lark dialect) or `gbnf` (llama.cpp).
        max_rules: the most hard, soft and forbid rules, 1 to 200.
        table: whether the model writes the table statement too; without it, what it writes belongs behind
            the text of `table_text`.
        omitted: told of every column that rules cannot name, and why.

    Raises:
        UsageError: there is no such form, `max_rules` is out of range, or the table statement is too long.
    """
    check_call(form, max_rules)
    alone = _table_of(program)
    columns = columns_of_table(alone, max_rules)
    for name, reason in columns.left_out.items():
        omitted(name, reason)
    text = write_program(alone) if table else ""
    if len(text) > LONGEST_TABLE:
        message = f"the table statement has {len(text):_} characters, and a grammar holds at most {LONGEST_TABLE:_}"
        way_out = "leave it out, and put it before the rules: `htdbu compile RULES --emit FORM --dialect rules`"
        raise UsageError(message, way_out)
    factors = [factor.column for factor in program.factors]
    return WRITERS[form](Statements(columns, max_rules, factors).file(text))


def check_call(form: str, max_rules: int) -> None:
    """Refuse a call that `grammar` would refuse whatever the table is.

    Raises:
        UsageError: as there.
    """
    if form not in WRITERS:
        raise UsageError(f"there is no grammar of the form `{form}`", f"one of {', '.join(sorted(WRITERS))}")
    if not 1 <= max_rules <= MOST_RULES:
        raise UsageError(f"a grammar has 1 to {MOST_RULES} rules, not {max_rules}", "choose --max-rules in between")


def table_text(program: Program) -> str:
    """The table statement that begins every file of the grammar, with the lookups that its columns need."""
    return write_program(_table_of(program))


def _table_of(program: Program) -> Program:
    """The columns alone."""
    needed = {name for column in program.columns if column.derived is not None for name in _lookups(column.derived)}
    lookups = tuple(lookup for lookup in program.lookups if lookup.name in needed)
    return Program(name=program.name, columns=program.columns, lookups=lookups, doc=program.doc)


def _lookups(expr: Expr) -> set[str]:
    found = {expr.table} if isinstance(expr, LookupCall) else set()
    if isinstance(expr, Call | Case | LookupCall):
        found.update(*(_lookups(child) for child in children(expr)))
    return found
