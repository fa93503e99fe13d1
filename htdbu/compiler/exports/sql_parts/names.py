"""Names in SQL: a column has the rule file's, a constraint the one that reports use, cut where the dialect needs it."""

from __future__ import annotations

from hashlib import sha256

from htdbu.compiler.exports.sql_parts.dialects.base import Dialect
from htdbu.compiler.program import Program
from htdbu.errors import UsageError


class Names:
    """Hands out names of constraints, each once."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._taken: set[str] = set()

    def constraint(self, name: str) -> str:
        """The quoted name of a constraint."""
        own, k = self._fitted(name), 1
        while own.casefold() in self._taken:
            k += 1
            own = self._fitted(f"{name}_{k}")
        self._taken.add(own.casefold())
        return self.dialect.quote(own)

    def _fitted(self, name: str) -> str:
        if len(name.encode()) <= self.dialect.longest_name:
            return name
        mark = "_" + sha256(name.encode()).hexdigest()[:8]
        return name.encode()[: self.dialect.longest_name - len(mark)].decode(errors="ignore") + mark


def check_columns(program: Program, dialect: Dialect) -> None:
    """Refuse columns that the dialect cannot tell apart or name, and a table without any.

    Raises:
        UsageError: naming them.
    """
    if not program.columns:
        raise UsageError("the rules declare no column, so there is no table", "emit the file that declares it")
    seen: dict[str, str] = {}
    for column in program.columns:
        if len(column.name.encode()) > dialect.longest_name:
            raise UsageError(
                f"{dialect.title} has no column names as long as `{column.name}`", "give it a shorter name"
            )
        folded = column.name if dialect.tells_case else column.name.casefold()
        if folded in seen:
            raise UsageError(
                f"{dialect.title} cannot tell the columns `{seen[folded]}` and `{column.name}` apart",
                "rename one and keep its header with `as`",
            )
        seen[folded] = column.name
