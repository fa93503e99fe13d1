"""A first rule file for a table: a provider is asked once, and what it wrote is judged on the rows."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from htdbu.compiler.compile import compile_source
from htdbu.compiler.diagnostics.suggest import did_you_mean
from htdbu.compiler.program import Program
from htdbu.errors import UsageError
from htdbu.grammar.source import Source
from htdbu.providers.base import GRANULARITIES, Granularity, Progress, Provider, Request
from htdbu.providers.declaration import names
from htdbu.providers.headers import check_header_line
from htdbu.providers.registry import DEFAULT, OFFERS
from htdbu.solver import check
from htdbu.solver.check import CheckFigures
from htdbu.solver.frames import to_pandas

_SHOWN = 20
"""Headers that are named where none is like the one that was asked for."""


@dataclass(frozen=True)
class DraftResult:
    """A rule file that was drafted, and what the rows say of it.

    Attributes:
        text: the `.htr` file.
        program: the same, compiled.
        check: how often the rows that it was drafted for break its rules.
        provider: the name of who wrote it.
        told: the provider's own account, such as calls and tokens.
        remarks: what a person should read first, a line each.
        seconds: wall-clock time.
    """

    text: str
    program: Program = field(repr=False)
    check: CheckFigures = field(repr=False)
    provider: str
    told: Mapping[str, Any]
    remarks: tuple[str, ...]
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """All but the text as plain data; `rules` counts what the file says, `check` is as in `htdbu check`."""
        return {
            "provider": self.provider,
            "rules": counts(self.program),
            "remarks": list(self.remarks),
            "told": dict(self.told),
            "check": self.check.to_dict(),
            "seconds": self.seconds,
        }


def draft(
    real: Any,
    provider: str | Provider = DEFAULT,
    *,
    table: str = "data",
    nulls: Sequence[str] = (),
    target: str | None = None,
    granularity: Granularity = "standard",
    min_count: int = 10,
    max_rules: int = 40,
    random_state: int = 0,
    settings: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> DraftResult:
    """Have a first rule file written for a table.

    Args:
        real: the real rows (pandas, polars or Arrow).
        provider: the name of a registered provider, or one of your own. `mined` calls nobody; `llm` sends a summary
            of the rows to a language model (see `summarise`).
        table: what the table is to be called.
        nulls: further texts that mean null.
        target: the column, by its header or its name in rules, that is to be planned first.
        granularity: how much of the data a provider is shown: `minimal`, `standard` or `rich`.
        min_count: no level and no value that fewer rows hold is named.
        max_rules: the most rules, the domains of the columns aside.
        random_state: fixes what is drawn at random, if anything is.
        settings: parameters of the provider, where it is given by its name.
        progress: called with the steps done and their number.

    Raises:
        CompileError: what the provider wrote is no sound rule file.
        DataError: the table cannot be read, or its header line seems to be a row.
        UsageError: an unknown provider, target or granularity, or numbers that cannot be.
    """
    started = time.perf_counter()
    name, asked = OFFERS.made(provider, settings or {})
    request = request_for(
        real,
        table=table,
        nulls=nulls,
        target=target,
        granularity=granularity,
        min_count=min_count,
        max_rules=max_rules,
        seed=random_state,
    )
    answer = asked.draft(request, progress)
    program = compile_source(Source(f"<draft of {name}>", answer.text)).checked()
    report = check(program, request.frame, real=request.frame, nulls=request.nulls)
    seconds = time.perf_counter() - started
    return DraftResult(answer.text, program, report.figures, name, answer.told, answer.remarks, seconds)


def request_for(
    real: Any,
    *,
    table: str = "data",
    nulls: Sequence[str] = (),
    target: str | None = None,
    granularity: Granularity = "standard",
    min_count: int = 10,
    max_rules: int = 40,
    seed: int = 0,
) -> Request:
    """What a provider is asked of a table; arguments and errors as for `draft`."""
    frame = to_pandas(real)
    headers = [str(header) for header in frame.columns]
    check_header_line(frame)
    if granularity not in GRANULARITIES:
        raise UsageError(f"there is no granularity {granularity!r}", f"there are {', '.join(GRANULARITIES)}")
    if min_count < 1 or max_rules < 0:
        raise UsageError("min_count must be 1 or more, and max_rules 0 or more")
    return Request(
        frame=frame,
        table=table,
        nulls=tuple(nulls),
        target=_header(target, headers),
        granularity=granularity,
        min_count=min_count,
        max_rules=max_rules,
        seed=seed,
    )


def _header(target: str | None, headers: Sequence[str]) -> str | None:
    """The header of the target, which may be named as rules name it."""
    if target is None or target in headers:
        return target
    known = dict(zip(names(headers), headers, strict=True))
    if target not in known:
        near = did_you_mean(target, [*headers, *known])
        raise UsageError(f"there is no column `{target}`", near or f"the columns are {_listed(headers)}")
    return known[target]


def _listed(headers: Sequence[str]) -> str:
    """The first headers, so that a wide table still fits a screen."""
    return ", ".join(headers[:_SHOWN]) + (", …" if len(headers) > _SHOWN else "")


def counts(program: Program) -> dict[str, int]:
    """How many columns, rules and other statements a program has; what a factor says of rows counts as the factor."""
    kinds = [rule.kind for rule in program.rules if rule.origin != "factor"]
    return {
        "columns": len(program.columns),
        "hard": kinds.count("hard"),
        "soft": kinds.count("soft"),
        "keys": sum(column.key for column in program.columns) + len(program.uniques),
        "dependencies": len(program.dependencies),
        "factors": len(program.factors),
        "targets": len(program.targets),
    }
