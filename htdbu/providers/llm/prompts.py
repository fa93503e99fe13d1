"""What is said to the model: the question, and what is wrong with its last file."""

from __future__ import annotations

from collections.abc import Iterator

from htdbu.compiler.diagnostics.outputs.concise import render_concise
from htdbu.providers.base import Request
from htdbu.providers.llm.judging import TOLERATED, Judgement
from htdbu.providers.llm.language import language_page
from htdbu.providers.llm.rates import percent

_MOST_LINES, _LONGEST_LINE = 40, 300

_TASK = """\
You write a rule file in the language `.htr`, described below, for a table of which you see a summary only. The file is
used to make synthetic rows that a domain expert would accept as possible.

Write
- the table with every column of the summary, under the name and the header given there, with domains that hold all
  values the summary tells of;
- at most {rules} rules: `hard` for what can never be otherwise (arithmetic, time order, definitions, what the business
  or nature forbids), `soft` for what is only usual;
- a doc comment (`##`) on each rule, which says in one line why it holds.{target}

Do not write imports or lookups from files. Know the domain; the summary alone does not make a rule.
Answer with the whole file in one fenced block, and nothing else."""

_TARGET = """
Rows are planned from the column with the header "{target}" first: write a `factor` for it, which says what its values
mean for other columns."""


def question(request: Request, summary: str) -> str:
    """What the model is asked first: the task, the language, the summary."""
    target = "" if request.target is None else _TARGET.format(target=request.target)
    task = _TASK.format(rules=request.max_rules, target=target)
    return f"{task}\n\n{language_page().strip()}\n\n# The summary of the table\n\n{summary.strip()}\n"


def correction(judgement: Judgement, min_count: int) -> str:
    """What is wrong with a file: its diagnostics, and the shares of real rows that break its rules."""
    parts = [
        _part("The compiler says (file:line:column):", _found(judgement)),
        _part(
            f"Real rows that break a rule, in percent of all (where fewer than {min_count} do, nothing is said). "
            f"A hard rule that more than {percent(TOLERATED)} break is wrong or soft; a domain must hold the values:",
            (f"{rate.name}: {percent(rate.share)}" for rate in judgement.rates if rate.share),
        ),
        _part(
            f"Rules whose premise fewer than {min_count} real rows meet:",
            (rate.name for rate in judgement.rates if rate.is_idle and rate.kind in ("hard", "soft")),
        ),
        _part("Columns of the table that your file lacks:", judgement.undeclared),
        f"Your file has {judgement.surplus} rules too many." if judgement.surplus else "",
    ]
    said = "\n\n".join(part for part in parts if part)
    return f"{said}\n\nMend the file. Answer with the whole file in one fenced block, and nothing else.\n"


def _found(judgement: Judgement) -> Iterator[str]:
    source = judgement.view.source
    for wrong in judgement.barred:
        yield f"{source.name}:{source.position(wrong.span.start)[0]}: error: {wrong.reason}"
    ordered = sorted(judgement.findings, key=lambda finding: not finding.is_error)
    for finding in ordered:
        if finding.severity != "info":
            yield render_concise([finding], judgement.compilation.sources)


def _part(heading: str, lines: Iterator[str] | tuple[str, ...]) -> str:
    shown = [line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…" for line in lines]
    if len(shown) > _MOST_LINES:
        shown[_MOST_LINES:] = [f"and {len(shown) - _MOST_LINES} more"]
    return "\n".join([heading, *shown]) if shown else ""
