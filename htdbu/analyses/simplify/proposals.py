"""What is proposed: rules as they stand and as they might, why, by what that is proved, and the edits of the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from htdbu.analyses.simplify.blocks import Common
from htdbu.analyses.simplify.work import Kind, Step, Work
from htdbu.compiler.diagnostics.model import Edit
from htdbu.compiler.diagnostics.view import View
from htdbu.grammar import syntax
from htdbu.grammar.source import Span


@dataclass(frozen=True)
class Proposal:
    """Shorter text for a rule, for several that become one, or for the condition of a `when`.

    Attributes:
        rule: the name of the first rule that it is about.
        rules: all that it is about.
        after: empty where the rule is to be deleted.
        kind: `same` where the domains alone prove it, `together` where other rules are needed.
        proved_by: those rules.
        loses_comment: whether a comment inside is lost.
    """

    rule: str
    rules: tuple[str, ...]
    span: Span
    before: str
    after: str
    reason: str
    kind: Kind
    proved_by: tuple[str, ...]
    loses_comment: bool
    edits: tuple[Edit, ...]


class Writing:
    """Turns what became of the parts into proposals."""

    def __init__(self, work: Work, tree: syntax.Tree, commons: Sequence[Common]) -> None:
        self._work, self._file = work, work.file
        self._view = View(self._file.source, tree=tree)
        self._commons = {name: common for common in commons for name in common.names}

    def proposals(self) -> list[Proposal]:
        """All proposals, in the order of the file."""
        clusters: dict[str, list[str]] = {}
        for name in self._file.parts:
            if name in self._work.steps or name in self._work.heir or name in self._commons:
                clusters.setdefault(self._head(name), []).append(name)
        found = [self._proposal(names) for names in clusters.values()]
        return sorted(found, key=lambda proposal: proposal.span.start)

    def _head(self, name: str) -> str:
        """The rule whose proposal a rule belongs to."""
        while name in self._work.heir:
            name = self._work.heir[name]
        return self._commons[name].names[0] if name in self._commons else name

    def _proposal(self, names: list[str]) -> Proposal:
        steps = [step for name in names for step in self._work.steps.get(name, ())]
        places = [self._span(name) for name in names]
        before = "\n".join(self._text(place) for place in places)
        edits = tuple(self._edits(names))
        return Proposal(
            rule=self._spoken_of(names)[0],
            rules=tuple(self._spoken_of(names)),
            span=places[0],
            before=before,
            after=self._after(names),
            reason="; ".join(dict.fromkeys(step.reason for step in steps if step.reason)),
            kind="together" if any(step.kind == "together" for step in steps) else "same",
            proved_by=_proved_by(steps),
            loses_comment="#" in before,
            edits=edits,
        )

    def _spoken_of(self, names: list[str]) -> list[str]:
        """Rules by name; for a `when`, those in it."""
        file = self._file
        if names[0] in file.whens:
            return [name for name, part in file.parts.items() if names[0] in part.guards and name in file.rules]
        return names

    def _span(self, name: str) -> Span:
        """The rule, or the head of the `when`."""
        if name in self._file.rules:
            return self._file.rules[name].span
        when = self._file.whens[name].span
        return when.until(self._file.place(name).end)

    def _text(self, span: Span) -> str:
        return self._file.source.text[span.start : span.end]

    def _rule(self, name: str) -> str:
        """A rule as it becomes."""
        part, place, span = self._work.parts[name], self._file.place(name), self._span(name)
        head = self._file.source.text[span.start : place.start]
        old = self._file.parts[name].origin
        return part.origin + head[len(old) :] + self._file.body(part)

    def _after(self, names: list[str]) -> str:
        left = [name for name in names if name in self._work.parts]
        common = self._commons.get(left[0]) if left else None
        lines = [self._rule(name) for name in left]
        if common is None:
            return "\n".join(lines)
        return "\n".join([f"when {self._file.shown(common.premise)} {{", *(f"  {line}" for line in lines), "}"])

    def _edits(self, names: list[str]) -> Iterable[Edit]:
        left = [name for name in names if name in self._work.parts]
        if left and left[0] in self._commons:
            first, last = self._span(left[0]), self._span(left[-1])
            indent = first.start - self._file.source.text.rfind("\n", 0, first.start) - 1
            yield Edit(first.to(last), self._after(names).replace("\n", "\n" + " " * indent))
        else:
            yield from (Edit(self._span(name), self._rule(name)) for name in left)
        for name in names:
            if name not in self._work.parts:
                yield self._view.removal(self._whole(self._file.rules[name]))

    def _whole(self, rule: syntax.RuleDecl) -> Span:
        """A rule that goes, or the `when` that would be left empty; all of its rules then have the same."""
        whole = rule.span
        for guard in reversed(self._file.parts[rule.name.value].guards):
            inside = [n for n, part in self._file.parts.items() if guard in part.guards and n in self._file.rules]
            if any(name in self._work.parts for name in inside):
                break
            whole = self._file.whens[guard].span
        return whole


def _proved_by(steps: Iterable[Step]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rule for step in steps for rule in step.rules))


def applied(text: str, proposals: Iterable[Proposal]) -> str:
    """A text with proposals carried out; what lies inside a place that is replaced as a whole goes with it."""
    edits = {(edit.span.start, edit.span.end): edit.text for proposal in proposals for edit in proposal.edits}
    pieces: list[str] = []
    done = 0
    for (start, end), new in sorted(edits.items(), key=lambda edit: (edit[0][0], -edit[0][1])):
        if start >= done:
            pieces += [text[done:start], new]
            done = end
    return "".join([*pieces, text[done:]])
