"""What the tests of `--simplify` share: proposals for a text, the text after them, and whether that is the same."""

from __future__ import annotations

from htdbu.analyses.simplify import Proposal, applied, simplify
from htdbu.compiler.compile import compile_source
from htdbu.compiler.program import Program
from htdbu.grammar.source import Source
from tests.analyses.enumeration import Enumeration
from tests.solver import oracle


def proposals(text: str) -> list[Proposal]:
    """The proposals for a file."""
    return simplify(Source("rules.htr", text))


def simplified(text: str) -> str:
    """A file with all proposals carried out."""
    return applied(text, proposals(text))


def compiled(text: str) -> Program:
    """The program of a text."""
    return compile_source(Source("rules.htr", text)).checked()


def differences(before: Program, after: Program, changed: list[Proposal]) -> list[str]:
    """What is not as it was, by listing every row: the valid rows, and where rules that stay by themselves fail."""
    listed = Enumeration(before)
    now = {rule.name: rule for rule in after.rules}
    fails = {
        name: {i for i, row in enumerate(listed.rows) if oracle.outcome(after, rule.outcome, row) == "fail"}
        for name, rule in now.items()
    }
    hard = [name for name, rule in now.items() if rule.kind == "hard"]
    valid = listed.every - set().union(*(fails[name] for name in hard))
    found = [] if valid == listed.valid else ["the valid rows"]
    for rule in before.rules:
        if rule.kind == "soft":
            same = fails.get(rule.name, set()) & valid == listed.fails[rule.name] & valid
            found += [] if same else [f"where `{rule.name}` is broken"]
    together = {name for proposal in changed if proposal.kind == "together" for name in proposal.rules}
    for proposal in changed:
        if not together.intersection(proposal.rules):
            old = set().union(*(listed.fails[name] for name in proposal.rules))
            new = set().union(*(fails.get(name, set()) for name in proposal.rules))
            found += [] if old == new else [f"where `{proposal.rule}` alone is broken"]
    return found
