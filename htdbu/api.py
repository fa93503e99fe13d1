"""The public interface: compile a rule file, then check, repair, synthesise and evaluate tables with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from htdbu.compiler.compile import Compilation, compile_file, compile_source
from htdbu.compiler.program import Program as ProgramIR
from htdbu.grammar.source import Source

if TYPE_CHECKING:
    from htdbu.evaluation import Scores
    from htdbu.evaluation.tuning import TuneResult
    from htdbu.generators import SynthesisResult
    from htdbu.providers import DraftResult, Provider
    from htdbu.solver import CheckReport, RepairResult, RowStory


class Program(ProgramIR):
    """A compiled rule file, with the calls that need the solver."""

    def check(self, data: Any, real: Any = None, **options: Any) -> CheckReport:
        """Judge every row of a table by every rule.

        Args:
            data: a pandas, polars or Arrow table.
            real: the real table that targets with `~ real` are compared with.
            options: see `htdbu.solver.check`.
        """
        from htdbu.solver import check

        return check(self, data, real, **options)

    def repair(self, data: Any, **options: Any) -> RepairResult:
        """Every row as the nearest one that breaks no rule; see `htdbu.solver.repair` for the options."""
        from htdbu.solver import repair

        return repair(self, data, **options)

    def explain(self, data: Any, row: int, **options: Any) -> RowStory:
        """What one row of a table (numbered from 0) breaks, what a repair changes and why, and what else would cost.

        Args:
            data: the whole table.
            options: see `htdbu.solver.explain_row`.
        """
        from htdbu.solver import explain_row

        return explain_row(self, data, row, **options)


def compile(path: str | Path, params: Mapping[str, object] | None = None) -> Program:
    """Compile a `.htr` file or the JSON form of a program.

    Args:
        params: values for the file's params, by name.

    Raises:
        CompileError: where the rules have errors; it carries every diagnostic.
        DataError: where the file cannot be read.
        UsageError: where `params` do not fit the file.
    """
    return _public(compile_file(path, params))


def compile_text(text: str, params: Mapping[str, object] | None = None) -> Program:
    """Compile rules given as a text; raises as `compile` does."""
    return _public(compile_source(Source("<text>", text), params))


def _public(compilation: Compilation) -> Program:
    program = compilation.checked()
    return Program(**{name: getattr(program, name) for name in type(program).model_fields})


def draft(real: Any, provider: str | Provider = "mined", **options: Any) -> DraftResult:
    """Have a first rule file written for a table; see `htdbu.providers.draft`."""
    from htdbu.providers import draft as run

    return run(real, provider, **options)


def synthesize(program: ProgramIR, real: Any, n: int, **options: Any) -> SynthesisResult:
    """Draw `n` rows from G(z | S); see `htdbu.generators.synthesize`."""
    from htdbu.generators import synthesize as run

    return run(program, real, n, **options)


def evaluate(program: ProgramIR, real: Any, synthetic: Any, target: str, **options: Any) -> Scores:
    """Measure a synthetic table; see `htdbu.evaluation.evaluate`."""
    from htdbu.evaluation import evaluate as run

    return run(program, real, synthetic, target, **options)


def tune(rules: str | Path | Source, real: Any, n: int, **options: Any) -> TuneResult:
    """Find what is at fault, model, rules or plan, mend it, and draw `n` rows; see `htdbu.evaluation.tuning.tune`."""
    from htdbu.evaluation.tuning import tune as run

    return run(rules, real, n, **options)
