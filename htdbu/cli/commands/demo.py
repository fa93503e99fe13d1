"""`htdbu demo`: the main job, whole, on the built-in loan book."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from htdbu.cli.errors import FINDINGS, WELL
from htdbu.cli.options import WithExample, format_option, seed_option, show_real_option, threads_option
from htdbu.errors import OutputError

if TYPE_CHECKING:
    from pandas import DataFrame

    from htdbu.cli.screen import Screen
    from htdbu.compiler.program import Program

EXAMPLE = """\
htdbu demo
htdbu demo -o /tmp/loans --seed 7
"""
ROWS = 5_000
RULES, REAL, TEST, SYNTHETIC, REPORT = "loans.htr", "loans.csv", "test.csv", "synthetic.csv", "report.html"
TARGET = "defaulted"


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.option("-o", "--output", metavar="DIR", default="demo", show_default=True, help="Where the files go.")
@show_real_option
@seed_option
@threads_option
@format_option()
def command(output: str, show_real: bool, seed: int, threads: int | None, style: str) -> int:
    """Make a loan book, write rows like it that break no rule, and measure them; takes about a minute.

    Leaves loans.htr, loans.csv, test.csv, synthetic.csv and report.html in DIR. The last line counts the hard
    violations that an independent check finds in the file that was written.
    """
    from htdbu.cli.screen import Screen

    demo = _Demo(_folder(output), seed, threads, Screen(errors=style == "json"), show_real)
    result = demo.run()
    if style == "json":
        Screen().json(result)
    return FINDINGS if result["check"]["violating_rows"] else WELL


def _folder(output: str) -> Path:
    """The folder for the files, made where it is missing."""
    folder = Path(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{output} cannot be made a folder: {error.strerror}", "choose another with -o") from None
    return folder


class _Demo:
    """The steps of the demo, each told with the command that does the same."""

    def __init__(self, folder: Path, seed: int, threads: int | None, screen: Screen, show_real: bool = False) -> None:
        self.seed, self.threads, self.screen, self.show_real = seed, threads, screen, show_real
        self.files = {name: str(folder / name) for name in (RULES, REAL, TEST, SYNTHETIC, REPORT)}

    def run(self) -> dict[str, Any]:
        """All steps; returns what they measured."""
        started = time.perf_counter()
        program = self._write_inputs()
        synthesis = self._synthesize(program)
        scores = self._evaluate(program, synthesis)
        check = self._check(program)
        seconds = time.perf_counter() - started
        return {"files": self.files, "synthesis": synthesis, "scores": scores, "check": check, "seconds": seconds}

    def _write_inputs(self) -> Program:
        """A loan book and its rules."""
        from htdbu.cli.inputs import load_program
        from htdbu.cli.writing import Outputs
        from htdbu.datasets import load_loans, loans_rules

        self._announce(
            f"1. A loan book of {ROWS:,} accounts with a known truth, as many more for tests, and their rules"
        )
        with Outputs() as outputs:
            outputs.text(self.files[RULES], loans_rules())
        program = load_program(self.files[RULES], {})
        with Outputs() as outputs:
            outputs.table(self.files[REAL], _spelled(program, load_loans(ROWS, self.seed)))
            outputs.table(self.files[TEST], _spelled(program, load_loans(ROWS, self.seed + 1)))
        self.screen.say(f"written: {self.files[RULES]}, {self.files[REAL]}, {self.files[TEST]}")
        return program

    def _synthesize(self, program: Program) -> dict[str, Any]:
        """As many rows anew, drawn under the rules."""
        from htdbu.cli.reading import read_table
        from htdbu.cli.steps import make_rows
        from htdbu.cli.views import show_synthesis
        from htdbu.cli.writing import Outputs

        arguments = f"{self.files[RULES]} {self.files[REAL]} -n {ROWS} -o {self.files[SYNTHETIC]} --seed {self.seed}"
        self._announce("2. As many new rows, drawn under the rules", f"htdbu synthesize {arguments}")
        real = read_table(self.files[REAL])
        result = make_rows(program, real.frame, ROWS, seed=self.seed, threads=self.threads)
        with Outputs() as outputs:
            outputs.table(self.files[SYNTHETIC], result.data, real.layout)
        report = result.report.to_dict()
        show_synthesis(self.screen, report, self.files[SYNTHETIC])
        return report

    def _evaluate(self, program: Program, synthesis: dict[str, Any]) -> dict[str, Any]:
        """The new rows measured against the real ones, and a report."""
        from htdbu.cli.reading import read_table
        from htdbu.cli.scores_view import show_scores
        from htdbu.cli.steps import measure, report_page
        from htdbu.cli.writing import Outputs

        files = f"--real {self.files[REAL]} --synthetic {self.files[SYNTHETIC]} --test {self.files[TEST]}"
        call = f"htdbu evaluate {self.files[RULES]} {files} --target {TARGET} --report {self.files[REPORT]}"
        self._announce("3. What they are worth", call)
        real, rows, test = (read_table(self.files[name]).frame for name in (REAL, SYNTHETIC, TEST))
        raw = synthesis["raw_violations"]
        scores = measure(program, real, rows, TARGET, test=test, seed=self.seed, raw_violations=raw)
        with Outputs() as outputs:
            rules, shown = self.files[RULES], self.show_real
            page = report_page(program, rules, real, rows, scores, synthesis=synthesis, show_real=shown)
            outputs.text(self.files[REPORT], page)
        show_scores(self.screen, scores.to_dict(), self.files[REPORT])
        return scores.to_dict()

    def _check(self, program: Program) -> dict[str, Any]:
        """The rules checked once more, on nothing but the file that was written."""
        from htdbu.cli.reading import read_table
        from htdbu.cli.views import show_check
        from htdbu.solver import check

        synthetic, real = self.files[SYNTHETIC], self.files[REAL]
        self._announce("4. The file checked on its own", f"htdbu check {self.files[RULES]} {synthetic} --real {real}")
        report = check(program, read_table(synthetic).frame, real=read_table(real).frame).to_dict()
        show_check(self.screen, report, synthetic)
        return report

    def _announce(self, title: str, call: str | None = None) -> None:
        """A step's title, and the command that does the same."""
        self.screen.say()
        self.screen.say(title, "bold")
        if call is not None:
            self.screen.say(f"   $ {call}", "dim")


def _spelled(program: Program, frame: DataFrame) -> DataFrame:
    """The table with every decimal written to its scale, as a bank would."""
    scales = {column.header: column.type.scale for column in program.columns if column.type.kind == "decimal"}
    return frame.assign(**{header: frame[header].map(f"{{:.{scale}f}}".format) for header, scale in scales.items()})
