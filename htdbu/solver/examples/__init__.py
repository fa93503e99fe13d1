"""The `test` blocks of a rule file: whether every example is accepted or rejected as it says, and what they cover."""

from htdbu.solver.examples.completions import EFFORT
from htdbu.solver.examples.coverage import Coverage, RuleCoverage
from htdbu.solver.examples.findings import findings
from htdbu.solver.examples.junit import junit
from htdbu.solver.examples.run import ExamplesReport, TestOutcome, run_tests
from htdbu.solver.examples.verdict import Judgement, Verdict

__all__ = [
    "EFFORT",
    "Coverage",
    "ExamplesReport",
    "Judgement",
    "RuleCoverage",
    "TestOutcome",
    "Verdict",
    "findings",
    "junit",
    "run_tests",
]
