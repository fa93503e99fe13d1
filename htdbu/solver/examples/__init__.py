"""The `test` blocks of a rule file: whether every example is accepted or rejected as it says, and what they cover."""

from htdbu.solver.examples.coverage import Coverage, RuleCoverage
from htdbu.solver.examples.findings import findings
from htdbu.solver.examples.run import ExamplesReport, TestOutcome, run_tests
from htdbu.solver.examples.verdict import Judgement, Verdict

__all__ = ["Coverage", "ExamplesReport", "Judgement", "RuleCoverage", "TestOutcome", "Verdict", "findings", "run_tests"]
