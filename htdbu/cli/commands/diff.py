"""`htdbu diff`: whether a new rule file accepts the rows that an old one accepts, and which it does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from htdbu.cli.errors import FINDINGS, WELL
from htdbu.cli.options import WithExample, effort_option, format_option, param_option

if TYPE_CHECKING:
    from htdbu.analyses.difference import Difference
    from htdbu.analyses.difference.merge import Which
    from htdbu.analyses.difference.rules import RuleChange
    from htdbu.analyses.difference.space import Found
    from htdbu.cli.screen import Screen
    from htdbu.compiler.program import Program

EXAMPLE = """\
htdbu diff old.htr new.htr
htdbu diff loans.htr draft.htr --param min_age=21 --format json
"""
VERDICTS = {
    "equivalent": "equivalent: both files accept the same rows",
    "stricter": "stricter: the new file accepts only rows that the old one accepts, and not all of them",
    "looser": "looser: the new file accepts all rows that the old one accepts, and more",
    "neither": "neither: each file accepts rows that the other does not",
    "undecided": "undecided: the search could not find out whether one file accepts more rows than the other",
}
COLORS = {"equivalent": "green", "undecided": "yellow"}


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.argument("old")
@click.argument("new")
@effort_option("Bound on the search for each answer, the same on every machine; 2 by default.")
@param_option
@format_option()
def command(old: str, new: str, effort: float | None, params: dict[str, str], style: str) -> int:
    """Compare the rows that two rule files accept: those that break none of their types, domains and hard rules.

    The NEW file is equivalent to the OLD one, stricter, looser, or neither; a row shows each difference, rule by rule.
    --param counts in each file that has such a param. Ends with exit code 0 where the files are equivalent, else 1.
    """
    from htdbu.analyses.block import EFFORT
    from htdbu.analyses.difference import difference
    from htdbu.cli.screen import Screen

    programs = _programs((old, new), params)
    found = difference(programs[0], programs[1], effort or EFFORT)
    screen = Screen()
    if style == "json":
        screen.json({"old": old, "new": new} | told(found))
    else:
        _show(screen, found, old, new)
    return WELL if found.verdict == "equivalent" else FINDINGS


def _programs(paths: tuple[str, str], params: Mapping[str, str]) -> list[Program]:
    """Both files, each with those of the params that it has.

    Raises:
        UsageError: neither file has one of them.
    """
    from htdbu.cli.inputs import sound
    from htdbu.cli.rule_files import compile_rules
    from htdbu.compiler.compile import read_source
    from htdbu.compiler.diagnostics.suggest import did_you_mean
    from htdbu.errors import UsageError

    sources = [read_source(path) for path in paths]  # once, since a pipe is read once
    pairs = list(zip(paths, sources, strict=True))
    plain = [sound(path, compile_rules(source, {})) for path, source in pairs]
    known = [{param.name for param in program.params} for program in plain]
    for name in params:
        if not known[0] | known[1] >= {name}:
            raise UsageError(f"neither file has a param `{name}`", did_you_mean(name, sorted(known[0] | known[1])))
    own = [{name: value for name, value in params.items() if name in names} for names in known]
    return [
        sound(path, compile_rules(source, values)) if values else program
        for (path, source), values, program in zip(pairs, own, plain, strict=True)
    ]


def told(found: Difference) -> dict[str, Any]:
    """The difference as JSON."""
    return {
        "verdict": found.verdict,
        "only_old": _row(found.only_old),
        "only_new": _row(found.only_new),
        "only_old_breaks": _breaks(found.only_old, "new"),
        "only_new_breaks": _breaks(found.only_new, "old"),
        "rules": [_rule(rule) for rule in found.rules],
        "columns": list(found.columns),
        **found.declarations,
        "incomparable": list(found.incomparable),
        "undecided": found.undecided,
    }


def _row(found: Found) -> dict[str, Any] | None:
    return None if found.row is None else found.row.shown.row


def _breaks(found: Found, which: Which) -> list[str]:
    return [] if found.row is None else found.row.rejected_by(which)


def _rule(rule: RuleChange) -> dict[str, Any]:
    kinds = {side.kind for side in (rule.old, rule.new) if side is not None}
    weights = [None if side is None or side.weight is None else float(side.weight) for side in (rule.old, rule.new)]
    return {
        "name": rule.name,
        "kind": kinds.pop() if len(kinds) == 1 else "hard",
        "change": rule.change,
        "only_old": _row(rule.only_old),
        "only_new": _row(rule.only_new),
        "old_kind": None if rule.old is None else rule.old.kind,
        "new_kind": None if rule.new is None else rule.new.kind,
        "old_weight": weights[0],
        "new_weight": weights[1],
        "undecided": bool(rule.reason),
    }


# For people ------------------------------------------------------------------------------------------------------


def _show(screen: Screen, found: Difference, old: str, new: str) -> None:
    screen.say(VERDICTS[found.verdict] if not found.incomparable else _incomparable(found), COLORS.get(found.verdict))
    sides: tuple[tuple[Found, str, str, Which], ...] = (
        (found.only_old, old, new, "new"),
        (found.only_new, new, old, "old"),
    )
    for side, here, other, breaks in sides:
        if side.row is not None:
            screen.say()
            screen.say(f"only {here} accepts this row; in {other} it breaks {', '.join(_breaks(side, breaks))}")
            screen.table(("column", "value"), list(side.row.shown.cells.items()))
    _show_rules(screen, found)
    _show_columns(screen, found)
    for kind, changes in found.declarations.items():
        if changes:
            words = ", ".join(change["name"] + " " + change["change"] for change in changes)
            screen.say(f"{kind}: {words}")
    if found.undecided:
        screen.say(f"undecided: {', '.join(found.undecided)} (--effort allows more)", "yellow")


def _incomparable(found: Difference) -> str:
    names = ", ".join(f"`{name}`" for name in found.incomparable)
    kinds = "; ".join(", ".join(c["details"]) for c in found.columns if c["name"] in found.incomparable)
    return f"neither: no value of {names} can be in both files ({kinds}), so the rules are not compared"


def _show_rules(screen: Screen, found: Difference) -> None:
    """What became of each rule that is not the same, with the cells that its rows differ in from nothing."""
    changed = [rule for rule in found.rules if rule.change != "unchanged"]
    same = len(found.rules) - len(changed)
    screen.say()
    if changed:
        screen.table(("rule", "change", "shown by"), [(r.name, r.change, _shown_by(r)) for r in changed])
        screen.say()
    if found.rules:
        from htdbu.cli.screen import count

        screen.say(f"{count(same, 'rule')} unchanged")


def _shown_by(rule: RuleChange) -> str:
    """The cells that a changed rule reads, in the rows that show the change."""
    reads = {name for side in (rule.old, rule.new) if side is not None for name in side.reads}
    parts = []
    for word, found in (("only old", rule.only_old), ("only new", rule.only_new)):
        if found.row is not None:
            cells = found.row.shown.cells
            parts.append(f"{word}: " + ", ".join(f"{name}={cells[name]}" for name in cells if name in reads))
    return "; ".join(parts)


def _show_columns(screen: Screen, found: Difference) -> None:
    changed = [column for column in found.columns if column["change"] != "unchanged"]
    if changed:
        screen.say()
        lines = [(column["name"], column["change"], ", ".join(column["details"])) for column in changed]
        screen.table(("column", "change", "differs in"), lines)
        screen.say()
