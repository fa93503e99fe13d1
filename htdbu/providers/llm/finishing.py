"""The last word on a model's file: what is still wrong is commented out or made soft, until it compiles.

- A statement with an error, one that reads the disk, and what depends on it, is commented out with the reason.
- A hard rule that more than 1 % of the real rows break becomes soft, with the share in its doc comment: the data say
  that it is no law, the model that it is usual. One that more than half of the rows break is commented out.
- `unique`, `fd`, `key` and factors cannot be soft: where the rows break them too often they are commented out.
- A column that is null too often for one that may not be gets `null`; a derived column that the data hold with other
  values is no longer derived. A domain that rows lie outside of is kept, with the share in its doc comment: what the
  bounds should be is seen in the data only, and a draft tells of no value that few rows hold.
- A hard rule that fewer rows break is kept, with the share in its doc comment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.diagnostics.view import View
from htdbu.compiler.writing import UnwritableError, write_program
from htdbu.errors import ProviderError
from htdbu.grammar import syntax
from htdbu.grammar.formatting import format_source
from htdbu.grammar.source import Source, Span
from htdbu.providers.declaration import name_of
from htdbu.providers.llm import editing
from htdbu.providers.llm.answers import NoRulesError
from htdbu.providers.llm.editing import Change
from htdbu.providers.llm.judging import FILE, Judge, Judgement
from htdbu.providers.llm.rates import Rate, percent

_MOST_PASSES = 60
MOSTLY_BROKEN = 0.5
"""A rule that a greater share of the rows break is not even soft."""


@dataclass(frozen=True)
class Finished:
    """A file that compiles, what it now says of the rows, and what was changed in the model's file, in order."""

    text: str
    judgement: Judgement
    changes: tuple[Change, ...]


def finished(judge: Judge, judgement: Judgement) -> Finished:
    """A file of which everything that is wrong is taken out.

    Raises:
        ProviderError: nothing is left.
    """
    done: list[Change] = []
    was_rebuilt = False
    for _ in range(_MOST_PASSES):
        changes = _changes(judge, judgement)
        if changes == []:
            break
        changed = None if changes is None else _changed(judge, judgement, changes)
        if changed is None and was_rebuilt:
            raise _nothing_left()
        if changed is None:
            was_rebuilt, changed = True, _rebuilt(judge, judgement)
        judgement, made = changed
        done += made
    else:
        raise _nothing_left()
    text = editing.applied(judgement.text, _notes(judgement))[0]
    noted = judge.judge(format_source(Source(FILE, text)) or text)
    last = judgement if noted.errors else noted
    return Finished(last.text, last, tuple(done))


def _changed(judge: Judge, judgement: Judgement, changes: list[Change]) -> tuple[Judgement, list[Change]] | None:
    """A file with changes made; None where no table would be left of it."""
    text, made = editing.applied(judgement.text, changes)
    try:
        return judge.judge(text), made
    except NoRulesError:
        return None


def _nothing_left() -> ProviderError:
    return ProviderError("nothing of the model's last file can be used", "ask another model, or give it more --rounds")


def _changes(judge: Judge, judgement: Judgement) -> list[Change] | None:
    """What has to be changed next; None where no place can be named."""
    wrong = _without_wrong(judgement)
    if None in wrong:
        return None
    changes = [change for change in wrong if change is not None]
    if changes:
        return changes
    places = dict(editing.places(judgement.view))
    changes = [change for rate in judgement.broken if (change := _mended(judgement, rate, places)) is not None]
    if changes:
        return changes
    changes = [*_surplus(judge, judgement)]
    if changes:
        return changes
    proved = [_without(judgement, error) for error in judgement.errors]  # of sound rules that the rows obey, the rest
    return None if None in proved else [change for change in proved if change is not None][:1]


def _without_wrong(judgement: Judgement) -> list[Change | None]:
    """Everything barred, and everything that does not compile, commented out; None where no place can be named."""
    view = judgement.view
    barred = [editing.left_out(view, part.span, part.reason) for part in judgement.barred]
    return barred + [_without(judgement, error) for error in judgement.errors if not error.kind.is_proved]


def _without(judgement: Judgement, error: Diagnostic) -> Change | None:
    """What has an error, commented out."""
    said = error.message if error.code == "HTR001" else f"{error.message} ({error.code})"
    return editing.left_out(judgement.view, editing.place_of(judgement.view, error), said)


def _mended(judgement: Judgement, rate: Rate, places: dict[str, Span]) -> Change | None:
    """What becomes of something hard that too many rows break; None where it is kept."""
    view = judgement.view
    evidence = f"{percent(rate.share)} of the real rows break it"
    span = places.get(rate.name) or _factor_of(judgement, rate.name)
    if rate.kind == "domain" or span is None:
        return None
    column, rule = view.at(syntax.ColumnDecl, span), view.at(syntax.RuleDecl, span)
    if column is not None and rate.kind == "null":
        return editing.made_nullable(view, column, f"{percent(rate.share)} of the real rows are null")
    if column is not None and rate.kind == "derived":
        return editing.made_plain(view, column, evidence)
    if column is not None:
        return _without_key(view, column, evidence)
    if rule is not None and rate.share <= MOSTLY_BROKEN:
        return editing.softened(view, rule, evidence)
    return editing.left_out(view, span, evidence)


def _without_key(view: View, column: syntax.ColumnDecl, evidence: str) -> Change | None:
    """A column that is no key."""
    text = view.source.text
    found = list(_words(text, "key", column.type.span.end, column.span.end))
    return Change(found[0], found[0] + len("key"), "", column.name.value, "made no key", evidence) if found else None


def _words(text: str, word: str, start: int, end: int) -> Iterator[int]:
    """Where a word stands by itself in a stretch, outside of quoted texts."""
    quoted = False
    for i in range(start, end):
        quoted ^= text[i] == '"'
        if (
            not quoted
            and text.startswith(word, i)
            and not (text[i - 1] + text[i + len(word) : i + len(word) + 1]).strip()
        ):
            yield i


def _factor_of(judgement: Judgement, rule: str) -> Span | None:
    """The factor that makes a rule."""
    made = next((one for one in judgement.program.rules if one.name == rule and one.origin == "factor"), None)
    factor = None if made is None or made.span is None else judgement.view.around(syntax.FactorDecl, made.span)
    return None if factor is None else factor.span


def _surplus(judge: Judge, judgement: Judgement) -> Iterator[Change]:
    """The rules beyond the number that is wanted."""
    most = judge.request.max_rules
    for rule in [*judgement.view.parts(syntax.RuleDecl)][most:]:
        change = editing.left_out(judgement.view, rule.span, f"only {most} rules are wanted")
        if change is not None:
            yield change


def _notes(judgement: Judgement) -> Iterator[Change]:
    """The shares of rows that break what is kept as hard."""
    places = dict(editing.places(judgement.view))
    for rate in judgement.rates:
        span = places.get(rate.name)
        if span is None or rate.kind == "soft" or not rate.share:
            continue
        said = {"domain": "lie outside of this domain", "null": "are null here"}.get(rate.kind, "break it")
        yield editing.noted(judgement.view, span, f"{percent(rate.share)} of the real rows {said}.", rate.name)


def _rebuilt(judge: Judge, judgement: Judgement) -> tuple[Judgement, list[Change]]:
    """The sound parts of a file, written anew, and below them as comments those that are not."""
    made = editing.applied(judgement.text, (change for change in _without_wrong(judgement) if change is not None))[1]
    anew = Change(0, 0, "", "the file", "written anew from its sound parts", "it could not be read as it was")
    try:
        program = judgement.program
        text = write_program(program.model_copy(update={"name": program.name or name_of(judge.request.table)}))
        lost = (change.text.lstrip("\n") for change in made)
        return judge.judge("\n".join([text, *lost])), [anew, *made]
    except (UnwritableError, NoRulesError):
        raise _nothing_left() from None
