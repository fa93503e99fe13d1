"""What `htdbu tune` is given, and what it shows and writes."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from htdbu.cli.screen import Screen, count, figure
from htdbu.errors import OutputError

if TYPE_CHECKING:
    from pandas import DataFrame

    from htdbu.cli.writing import Outputs
    from htdbu.evaluation.tuning import TuneResult
    from htdbu.grammar.source import Source


def patch_place(output: str, patch: str | None) -> str | None:
    """Where the patch goes: beside the rows by default; None where the rows go to standard output."""
    return patch if patch is not None or output == "-" else f"{output}.patch"


def write_rules(outputs: Outputs, source: Source, text: str) -> None:
    """Stage the patched text in the place of the rule file; a byte order mark stays.

    Raises:
        OutputError: the file is no longer what was read.
    """
    content = Path(source.name).read_bytes()
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    if content.removeprefix(mark) != source.text.encode():
        raise OutputError(f"{source.name} was changed by somebody else meanwhile", "call the command again")
    outputs.bytes(source.name, mark + text.encode())


def tuned_page(
    result: TuneResult, real: DataFrame, target: str | None, *, seed: int, nulls: Sequence[str], show_real: bool
) -> str:
    """The report of the rows as one HTML file, with the rules that they obey and the log of the loop."""
    from htdbu.cli.steps import measure, report_page

    made, tuning = result.synthesis, result.tuning
    obeyed = tuning.after if result.patched else tuning.before
    before = made["raw_violations"]
    scores = measure(obeyed.program, real, result.data, target, seed=seed, nulls=nulls, raw_violations=before)
    return report_page(
        obeyed.program,
        obeyed.source.name,
        real,
        result.data,
        scores,
        synthesis=made,
        rounds=result.rounds,
        text=obeyed.source.text,
        nulls=nulls,
        show_real=show_real,
    )


def show_tuning(screen: Screen, told: Mapping[str, Any], *written: str) -> None:
    """Every round: what was done, what is at fault and why, and the figures beside their floors."""
    for each in told["rounds"]:
        kept = "" if each["accepted"] else " (taken back)"
        screen.say(f"round {each['round']}: {each['action']}{kept}", "bold")
        screen.table(("metric", ">value", ">floor", ""), [_line(*score) for score in each["scores"].items()])
        for cause in each["causes"]:
            screen.say(f"at fault: {cause['kind']} {cause['name']}", "yellow")
            screen.say(f"  {cause['evidence']}")
            if cause["proposal"]:
                screen.say(f"  proposed: {cause['proposal']}")
        screen.say()
    if told["patch"]:
        screen.say(told["patch"])
    screen.say(_verdict(told), "green" if not told["causes"] else "yellow")
    if told["patch"] and not told["patched"]:
        screen.say("the rows obey the rule file as it stands; --apply changes it and makes rows under the patched one")
    screen.say(f"written: {', '.join(written)}")


def _line(name: str, score: Mapping[str, Any]) -> tuple[str, ...]:
    within = {True: "within", False: "beyond", None: ""}[score["within"]]
    return name, figure(score["value"]), figure(score["floor"]), within


def _verdict(told: Mapping[str, Any]) -> str:
    blamed = ", ".join(f"{cause['kind']} {cause['name']}" for cause in told["causes"]) or "nothing"
    rounds = count(len(told["rounds"]), "round")
    return (
        f"{blamed} at fault; {told['ending']} after {rounds}; {count(told['rows'], 'row')} in {told['seconds']:.1f} s"
    )


def is_left(result: TuneResult) -> bool:
    """Whether something is left to do: a patch that was not applied, or a cause that was not mended."""
    tuning = result.tuning
    kept = [each for each in tuning.rounds if each.accepted]
    return bool(kept[-1].causes) or (tuning.patch is not None and not result.patched)
