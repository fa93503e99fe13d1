"""All analyses of a program, as a flat list of questions: first what the domains alone decide, then the hard rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from htdbu.analyses import (
    branches,
    columns,
    conflicts,
    dead_premises,
    domain_rules,
    lookups,
    redundancy,
    softs,
    targets,
)
from htdbu.analyses.block import EFFORT, Block
from htdbu.analyses.proof import BUDGET
from htdbu.analyses.reach import Answers, reach
from htdbu.analyses.subject import Subject
from htdbu.analyses.variations import reached_beside
from htdbu.compiler.diagnostics.kinds import htr390_undecided
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.program import Program
from htdbu.solver.components import Component
from htdbu.solver.solutions import Status

OF_DOMAINS = (domain_rules, branches, lookups)
"""What is asked of all rows of the domains: each has `goals` and `findings`."""
OF_RULES = (dead_premises, softs)
"""What is asked of the valid rows; the columns come last, since they ask about a valid row that is known by then."""
TOO_LARGE = "its numbers are too large"

_OF_DOMAINS = ("HTR401", "HTR402", "HTR403", "HTR404", "HTR405", "HTR406", "HTR501")
_OF_RULES = ("HTR502", "HTR503", "HTR504", "HTR505", "HTR506", "HTR507", "HTR601", "HTR602", "HTR603")

Progress = Callable[[int, int], None]


def analyse(program: Program, effort: float = EFFORT, progress: Progress | None = None) -> list[Diagnostic]:
    """Everything that can be proved about a sound program, in no particular order.

    Args:
        effort: deterministic time for one question; what it leaves open is HTR390.
        progress: told after each block how many are done, and of how many.
    """
    subject = Subject(program, effort)
    found = list(lookups.repeats(program))
    states: dict[Block, Status] = {}
    answers: dict[Block, Answers] = {}
    total, tell = 2 * len(subject.blocks), progress or _tell_nobody
    for number, block in enumerate(subject.blocks):
        states[block] = block.ask(block.valid).status
        if states[block].solved or block.ask(block.domains).status.solved:
            answers[block] = _ask(subject, block, found)
        tell(number + 1, total)
    found += conflicts.conflicts(subject, {block: state for block, state in states.items() if not state.solved})
    found += _open(subject, states)
    for number, block in enumerate(subject.blocks):
        if Status.INFEASIBLE not in states.values() and states[block].solved:
            found += _of_valid_rows(subject, block, answers[block])
        tell(len(subject.blocks) + number + 1, total)
    if all(state.solved for state in states.values()):
        found += targets.findings(subject)
    return found


def _tell_nobody(done: int, total: int) -> None:
    pass


def decided(findings: Iterable[Diagnostic]) -> tuple[str, ...]:
    """The codes of which the findings of an analysis are all there are.

    Where no row satisfies the rules, less is asked; where something stays open, there may be more to find.
    """
    codes = {finding.code for finding in findings}
    if "HTR390" in codes:
        return ()
    return _OF_DOMAINS if "HTR501" in codes else (*_OF_DOMAINS, *_OF_RULES)


def _ask(subject: Subject, block: Block, found: list[Diagnostic]) -> Answers:
    """What the domains alone say of a block."""
    goals = [goal for question in OF_DOMAINS for goal in question.goals(subject, block)]
    domains = reach(block, goals, block.domains)
    for question in OF_DOMAINS:
        found += question.findings(subject, block, domains)
    return domains


def _of_valid_rows(subject: Subject, block: Block, domains: Answers) -> Iterator[Diagnostic]:
    """What the hard rules say of a block."""
    spaces = columns.spaces(subject, block)
    goals = [goal for question in OF_RULES for goal in question.goals(subject, block)]
    of_columns = [goal for space in spaces for goal in space.goals]
    beside = reached_beside(subject, block, of_columns)
    valid = reach(block, [*goals, *(goal for goal in of_columns if goal not in beside)], block.valid)
    for question in OF_RULES:
        yield from question.findings(subject, block, domains, valid)
    yield from redundancy.findings(subject, block, domains)
    yield from columns.findings(subject, block, spaces, valid)


def _open(subject: Subject, states: dict[Block, Status]) -> Iterator[Diagnostic]:
    """The blocks of which it stays open whether there is a valid row."""
    parts = [(block.component, BUDGET) for block, state in states.items() if state is Status.UNKNOWN]
    parts += [(component, TOO_LARGE) for component in subject.too_large]
    for component, reason in parts:
        name = _first_name(component)
        what = f"whether a row satisfies `{name}` and the rules that it is connected with"
        yield htr390_undecided.undecided(what, subject.place(name), reason)


def _first_name(component: Component) -> str:
    rules = (*component.hard, *component.soft)
    return rules[0].name if rules else f"{component.column(component.derived[0]).name}.domain"
