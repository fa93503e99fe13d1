"""The provider that mines rules: from a table to a rule file, without a network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import ModuleType

from htdbu.compiler.program import Program
from htdbu.errors import UsageError
from htdbu.providers.base import Draft, Granularity, Progress, Provider, Request
from htdbu.providers.mined import words
from htdbu.providers.mined.assemble import Skeleton, text_of
from htdbu.providers.mined.chains import without_chained
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.miners import OF_COLUMNS, OF_RELATIONS, factors
from htdbu.providers.mined.prune import faultless, pruned
from htdbu.providers.mined.rank import ranked
from htdbu.providers.mined.typing import typed, unnamed
from htdbu.providers.mined.verify import verified
from htdbu.providers.mined.view import View
from htdbu.solver.encoding import NULL_TEXTS
from htdbu.solver.table import EncodedTable

_JUDGED = 3
"""So many times as many rules as are wanted are judged by the solver; the rest has no chance to be among them."""
TOLERANCES: dict[Granularity, float] = {"minimal": 0.0, "standard": 0.01, "rich": 0.05}
"""What share of the rows in which a soft rule decides anything may break it."""
_ENDINGS = 3
"""Steps after the miners: against all rows, what others imply, the file."""


class MinedProvider(Provider):
    """Writes the rules that the rows keep though chance would have had them break these."""

    def draft(self, request: Request, progress: Progress | None = None) -> Draft:
        """A rule file for the table; the same one for the same request.

        Raises:
            DataError: headers repeat.
            UsageError: the target is no column.
        """
        nulls = NULL_TEXTS | set(request.nulls)
        program, cells = typed(request.frame, nulls, request.table, request.min_count)
        miners = OF_COLUMNS if request.granularity == "minimal" else (*OF_COLUMNS, *OF_RELATIONS)
        tell = _Steps(progress, len(miners) + _ENDINGS)
        skeleton = _skeleton(program, cells)
        findings = list(_mined(program, cells, request, miners, tell))
        findings += _factor(program, cells, request)
        findings = verified(skeleton, findings, request.frame, request.nulls, TOLERANCES[request.granularity])
        tell.step()
        chosen, left_out = _chosen(skeleton, findings, cells, request)
        tell.step()
        text = text_of(skeleton, chosen)
        tell.step()
        return Draft(text, _told(chosen, left_out), tuple(_remarks(chosen, left_out, skeleton, request)))


class _Steps:
    """Counts the steps that are done."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def step(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)


def _mined(
    program: Program, cells: EncodedTable, request: Request, miners: Sequence[ModuleType], tell: _Steps
) -> Iterator[Finding]:
    whole = View.of(program, cells, request.min_count, request.seed, most=None)
    sample: View | None = None
    for miner in miners:
        if miner in OF_COLUMNS:
            found = list(miner.mine(whole))
            keys = {finding.columns[0] for finding in found if finding.place == "key"}
            whole = _with_keys(whole, keys)
        else:
            sample = sample or _sampled(whole, cells, request)
            found = list(miner.mine(sample))
        yield from found
        tell.step()


def _factor(program: Program, cells: EncodedTable, request: Request) -> Iterator[Finding]:
    """The factor of the request's target.

    Raises:
        UsageError: there is no such column.
    """
    if request.target is None:
        return
    name = next((column.name for column in program.columns if column.header == request.target), None)
    if name is None:
        headers = ", ".join(column.header for column in program.columns[:20])
        raise UsageError(f"there is no column `{request.target}`", f"name one of these as the target: {headers}")
    if request.granularity != "minimal":
        yield from factors.mine(View.of(program, cells, request.min_count, request.seed, most=None), name)


def _with_keys(view: View, keys: set[str]) -> View:
    """A view whose columns know which of them are keys."""
    if not keys:
        return view
    columns = tuple(c.model_copy(update={"key": c.key or c.name in keys}) for c in view.program.columns)
    fields = tuple(replace(field, column=column) for field, column in zip(view.fields, columns, strict=True))
    return replace(view, program=view.program.model_copy(update={"columns": columns}), fields=fields)


def _sampled(whole: View, cells: EncodedTable, request: Request) -> View:
    sample = View.of(whole.program, cells, request.min_count, request.seed)
    return replace(sample, tolerance=TOLERANCES[request.granularity])


def _skeleton(program: Program, cells: EncodedTable) -> Skeleton:
    docs = {}
    for i, column in enumerate(program.columns):
        if column.type.kind == "category" and (rare := unnamed(cells, i)):
            docs[column.name] = [f"{words.rows(rare)} with other levels, too rare to be named here."]
    return Skeleton(
        program, f"What {words.rows(cells.n_rows)} suggest; no person has looked at it yet.", docs, cells.n_rows
    )


def _chosen(
    skeleton: Skeleton, findings: Sequence[Finding], cells: EncodedTable, request: Request
) -> tuple[list[Finding], int]:
    """The findings that are written, rules by their rank; and how many rules found no room."""
    most = request.max_rules
    columns = [finding for finding in findings if not finding.is_rule]
    rules = ranked(without_chained([finding for finding in findings if finding.is_rule]))
    judged = pruned(skeleton, [*columns, *rules[: _JUDGED * most]], cells, request.seed) if most else columns
    kept = ranked([finding for finding in judged if finding.is_rule])
    chosen = faultless(skeleton, [*columns, *kept[:most]])
    return chosen, max(len(kept) - most, 0) + max(len(rules) - _JUDGED * most, 0)


def _told(findings: Sequence[Finding], left_out: int) -> dict[str, object]:
    rules = [finding for finding in findings if finding.is_rule]
    return {
        "rules": [
            {
                "kind": rule.kind,
                "text": rule.text,
                "columns": list(rule.columns),
                "support": rule.support,
                "confidence": rule.confidence,
                "surprise": rule.surprise,
            }
            for rule in rules
        ],
        "left_out": left_out,
    }


def _remarks(findings: Sequence[Finding], left_out: int, skeleton: Skeleton, request: Request) -> Iterator[str]:
    hard = sum(1 for finding in findings if finding.is_rule and finding.is_hard)
    soft = sum(1 for finding in findings if finding.is_rule and not finding.is_hard)
    if not skeleton.rows:
        yield "there are no rows to find anything in: the file has the columns alone"
    elif hard or soft:
        holding = "1 rule holds" if hard == 1 else f"{hard} rules hold"
        yield f"{holding} in every row, {soft} in almost every one; what holds so far need not be meant"
    elif not left_out:
        yield "no rules were found but those of the columns"
    if left_out:
        further = "1 further rule" if left_out == 1 else f"{left_out} further rules"
        yield f"{further} found no room; allow more to see what was left out"
    if request.target is not None and not any(finding.place == "factor" for finding in findings):
        yield f"`{request.target}` is not planned first: {_why_no_factor(request)}"
    for name in skeleton.docs:
        yield f"`{name}` has levels that too few rows have to be named: these rows break its domain"


def _why_no_factor(request: Request) -> str:
    if request.granularity == "minimal":
        return "no factor is looked for at granularity minimal"
    return (
        f"a factor takes a category or bool without nulls, of 2 to {factors.MOST_LEVELS} values that "
        f"{request.min_count} rows each have, and another such column that depends on it"
    )
