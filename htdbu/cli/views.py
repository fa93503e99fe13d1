"""What commands tell people, from the same results that `--format json` shows programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from htdbu.cli.screen import Screen, count, figure, percent

if TYPE_CHECKING:
    from pandas import DataFrame

    from htdbu.solver.repair_report import RepairReport

MOST_ROWS = 10
MOST_RELATIONS = 6


def show_check(screen: Screen, report: Mapping[str, Any], name: str) -> None:
    """Every rule that some row breaks or that no row decides, the targets, and how many rows break a hard rule."""
    rows, rules = report["rows"], report["rules"]
    broken = sorted((rule for rule in rules if rule["fail"]), key=lambda rule: -rule["fail"])
    screen.say(f"{name}: {count(rows, 'row')}, {count(len(rules), 'rule')}, those of the columns among them")
    if report.get("rounded"):
        screen.say(f"{count(report['rounded'], 'cell')} finer than the scale of their column, rounded half-even")
    if broken:
        screen.say()
        screen.table(("rule", "kind", ">fail", ">unknown", ">rate"), [_rule_line(rule) for rule in broken])
        screen.say()
    open_rules = [rule["name"] for rule in rules if rule["kind"] in ("hard", "soft") and 0 < rows == rule["unknown"]]
    if open_rules:
        screen.say(f"unknown in every row: {', '.join(open_rules)}", "yellow")
        screen.say()
    show_targets(screen, report["targets"])
    show_verdict(screen, report)


def show_verdict(screen: Screen, report: Mapping[str, Any]) -> None:
    """How many rows break a hard rule, one or several."""
    violating, rows, rate = report["violating_rows"], report["rows"], percent(report["violation_rate"])
    if violating:
        breaks = "breaks" if violating == 1 else "break"
        screen.say(f"{violating:,} of {count(rows, 'row')} {breaks} a hard rule ({rate})", "red")
    else:
        screen.say(f"0 hard violations in {count(rows, 'row')} ({rate})", "green")


def _rule_line(rule: Mapping[str, Any]) -> tuple[str, ...]:
    """A rule as a line of a table."""
    return rule["name"], rule["kind"], count(rule["fail"]), count(rule["unknown"]), percent(rule["rate"])


def show_targets(screen: Screen, targets: Sequence[Mapping[str, Any]]) -> None:
    """Each target: what was measured, between what it should lie, whether it does."""
    if targets:
        screen.table(("target", ">value", "wanted", "met"), [_target_line(target) for target in targets])
        screen.say()


def _target_line(target: Mapping[str, Any]) -> tuple[str, ...]:
    """A target as a line of a table."""
    low, high = (("" if end is None else str(end)) for end in (target["low"], target["high"]))
    met = {True: "yes", False: "no", None: "not judged"}[target["met"]]
    return target["name"], figure(target["value"]), f"{low}..{high}", met


def show_repair(screen: Screen, figures: RepairReport, unrepaired: DataFrame, output: str) -> None:
    """How many rows and cells a repair changed, what it proved, and the first rows that nothing could mend."""
    report = figures.to_dict()
    before, rows = report["violating_rows_before"], count(report["rows"], "row")
    screen.say(f"{before:,} of {rows} broke a hard rule")
    screen.say(
        f"{count(report['repaired'], 'row')} changed in {count(report['changed_cells'], 'cell')}: "
        f"{report['optimal']:,} proved nearest, {report['feasible']:,} valid only; price {report['objective']:,.2f}"
    )
    changed = [(name, count(cells)) for name, cells in report["columns"].items() if cells]
    if changed:
        screen.say()
        screen.table(("column", ">changed cells"), sorted(changed, key=lambda line: line[0]))
    for warning in report["warnings"]:
        screen.say()
        screen.say(f"warning: {warning}", "yellow")
    if report["unrepaired"]:
        screen.say()
        stands = "stands as it was" if report["unrepaired"] == 1 else "stand as they were"
        screen.say(f"{count(report['unrepaired'], 'row')} could not be repaired and {stands}:", "red")
        show_rows(screen, unrepaired, report["unrepaired"])
    screen.say()
    show_targets(screen, report.get("targets", ()))
    if figures.unmet:
        screen.say(f"not met: {', '.join(figures.unmet)}", "red")
        screen.say()
    screen.say(f"written: {output}")


def show_rows(screen: Screen, frame: DataFrame, rows: int) -> None:
    """The first rows of a table that has so many."""
    lines = [[str(value) for value in row] for row in frame.head(MOST_ROWS).itertuples(index=False)]
    screen.table([str(name) for name in frame.columns], lines)
    if rows > MOST_ROWS:
        screen.say(f"and {count(rows - MOST_ROWS)} more")


def show_fit(screen: Screen, report: Mapping[str, Any], written: str) -> None:
    """What was learned, and what was left out."""
    columns, seconds = report["columns"], report["seconds"]
    trained = f", {count(report['trained'], 'model')} trained" if report["trained"] else ""
    learned = f"{count(len(columns), 'column')} of {count(report['rows'], 'row')}"
    screen.say(f"{report['generator']} has learned {learned} in {seconds:.1f} s{trained}")
    screen.say()
    screen.table(("column", "type"), list(columns.items()))
    screen.say()
    for reason in dict.fromkeys(report["left_out"].values()):
        headers = [header for header, why in report["left_out"].items() if why == reason]
        screen.say(f"left out: {', '.join(headers)} ({reason})")
    screen.say(f"written: {written} ({count(report['bytes'], 'byte')}, the real rows among them)")


def show_synthesis(screen: Screen, report: Mapping[str, Any], *written: str, from_model: bool = False) -> None:
    """How the rows came about, how the plan was kept, and what the rules had to mend.

    Args:
        from_model: whether a fitted model gave them.
    """
    ways = ", ".join(f"{number:,} {way}" for way, number in report["ways"].items() if number)
    made = f"{count(report['rows'], 'row')} from {report['generator']} in {report['seconds']:.1f} s"
    screen.say(f"{made}: {ways}" if ways else made)
    for warning in report["warnings"]:
        screen.say(f"warning: {warning}", style="yellow")
    if report["plan"]:
        screen.say()
        names = list(report["plan"][0]["cell"])
        headers = (*names, ">planned", ">got", ">share of the real rows")
        lines = sorted(report["plan"], key=lambda line: -line["planned"])
        screen.table(headers, [_plan_line(line) for line in lines[:MOST_ROWS]])
        if len(lines) > MOST_ROWS:
            screen.say(f"and {count(len(lines) - MOST_ROWS)} more")
        screen.say()
    show_targets(screen, report["violations"]["targets"])
    headers = ("step", ">rows", ">breaking a hard rule", ">rate", "broken most")
    screen.table(headers, [_step_line(step) for step in report["steps"]])
    screen.say()
    real = report["real_violations"]
    if real["violating_rows"]:
        breaks = "breaks" if real["violating_rows"] == 1 else "break"
        share = f"{real['violating_rows']:,} of {real['rows']:,}"
        rate = percent(real["violation_rate"])
        screen.say(f"learned from all real rows, though {share} {breaks} a hard rule ({rate})")
    if from_model and report["trained"]:
        screen.say(f"trained now: {count(report['trained'], 'model')} of columns, which the file has not")
    kept = [line["relation"] for line in report["relations"] if line["real_share"] == line["share"] == 1]
    if kept:
        more = f", and {len(kept) - MOST_RELATIONS} more" if len(kept) > MOST_RELATIONS else ""
        screen.say(f"kept as in all real rows: {', '.join(kept[:MOST_RELATIONS])}{more}")
    if report["privacy"] is not None:
        screen.say(_privacy(report["privacy"]))
    screen.say(f"written: {', '.join(written)}")


def _step_line(step: Mapping[str, Any]) -> tuple[str, ...]:
    """A step of the synthesis as a line of a table, with the rule that most rows break after it."""
    fails = step["fails"]
    most = max(fails, key=lambda rule: fails[rule], default=None)
    shown = "" if most is None else f"{most} ({fails[most]:,})"
    return step["step"], count(step["rows"]), count(step["violating_rows"]), percent(step["violation_rate"]), shown


def _privacy(found: Mapping[str, Any]) -> str:
    """What was measured of the rows beside the real ones."""
    copies = f"copies of real rows that are the only ones of their kind: {found['copied_rows']:,}"
    if found["dcr_share"] is None:
        return copies
    share, limit = percent(found["dcr_share"]), percent(found["limit"])
    return f"nearer to the rows learned from than to unseen ones: {share} of the rows (limit {limit}); {copies}"


def _plan_line(line: Mapping[str, Any]) -> tuple[str, ...]:
    """A planned combination of values as a line of a table."""
    values = (str(value) for value in line["cell"].values())
    return *values, count(line["planned"]), count(line["got"]), percent(line["real_share"])
