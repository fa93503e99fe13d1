"""Changes of whole rules: those that are not needed go, those with one conclusion become one."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from htdbu.analyses.simplify.candidates import Part
from htdbu.analyses.simplify.prover import NEVER_FALSE
from htdbu.analyses.simplify.shapes import chain, is_call, tidy
from htdbu.analyses.simplify.work import Step, Work
from htdbu.compiler.diagnostics.proofs import listed
from htdbu.compiler.expressions import Expr, call
from htdbu.compiler.lowering.build import conjunction


def delete(work: Work, name: str) -> bool:
    """Delete a rule that no row breaks, or none that keeps the others; whether it is gone."""
    if not work.may_go(name) or work.loses_bounds({k: v for k, v in work.parts.items() if k != name}):
        return False
    pairs = [(work.outcome(name), NEVER_FALSE)]
    if work.prover.same(pairs):
        step = Step("no row of the declared domains breaks it")
    else:
        given = work.others([name])
        if not work.may_change(name, together=True) or not work.prover.same(pairs, given):
            return False
        rules = work.prover.implying(pairs, given)
        step = Step(f"it follows from {listed(rules)}", "together", rules)
    del work.parts[name]
    work.steps.setdefault(name, []).append(step)
    return True


def name_what_stays(work: Work) -> None:
    """Say again of each rule what proves it, of the rules that stay: what did at the time may itself be gone."""
    for name in [name for name in work.steps if name in work.file.rules]:
        old, steps = work.outcome(name, work.file.parts), work.steps[name]
        if name in work.parts:
            pairs = [(old, work.outcome(name))]
            if name not in work.heir.values() and not work.prover.same(pairs):
                rules = work.prover.implying(pairs, work.others([name]))
                work.steps[name] = [*(replace(step, rules=()) for step in steps), Step("", "together", rules)]
        elif any(step.kind == "together" for step in steps):
            rules = work.prover.implying([(old, NEVER_FALSE)], work.others([name]))
            work.steps[name] = [Step(f"it follows from {listed(rules)}", "together", rules)]


def merge(work: Work) -> bool:
    """Make two implications with one conclusion one; whether there are two."""
    rules = [part for part in work.parts.values() if part.origin == "hard" and is_call(part.body, "implies")]
    pairs = ((a, b) for a, b in combinations(rules, 2) if a.guards == b.guards)
    return any(_merged(work, one, other) for one, other in pairs)


def _merged(work: Work, one: Part, other: Part) -> bool:
    (a, c), (b, d) = (_sides(part) for part in (one, other))
    documented = work.file.rules[other.name].doc is not None
    if c != d or documented or not (work.may_go(one.name) and work.may_go(other.name)):
        return False
    if work.blocks[one.name] != work.blocks[other.name]:
        return False
    both = replace(one, body=tidy(call("implies", chain("or", (a, b)), c)))
    old = conjunction((work.outcome(one.name), work.outcome(other.name)))
    if not work.prover.same([(old, work.outcome(one.name, {**work.parts, one.name: both}))]):
        return False
    reason = f"`{work.file.shown(c)}` follows from the premises of `{one.name}` and of `{other.name}`"
    work.steps.setdefault(one.name, []).append(Step(reason))
    work.parts[one.name] = both
    work.heir[other.name] = one.name
    del work.parts[other.name]
    return True


def _sides(part: Part) -> tuple[Expr, Expr]:
    assert is_call(part.body, "implies")
    premise, conclusion = part.body.args  # type: ignore[union-attr]
    return premise, conclusion
