"""What `htdbu draft` says of a rule file that it wrote."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from htdbu.cli.screen import Screen, count, percent
from htdbu.cli.views import show_verdict

_MOST = 5
"""Soft rules that are shown."""


def table_name(path: str) -> str:
    """The name of a data file without its endings."""
    return "data" if path == "-" else Path(path).name.partition(".")[0] or "data"


def show_draft(screen: Screen, report: Mapping[str, Any], written: str) -> None:
    """What the file says, what its provider remarks, how far the rows obey it, and where it is."""
    screen.say(f"{report['provider']}: {', '.join(_said(report['rules']))} in {report['seconds']:.1f} s")
    for remark in report["remarks"]:
        screen.say(f"note: {remark}", "yellow")
    show_verdict(screen, report["check"])
    soft = [rule for rule in report["check"]["rules"] if rule["kind"] == "soft" and rule["fail"]]
    if soft:
        most = sorted(soft, key=lambda rule: -rule["fail"])[:_MOST]
        shown = ", ".join(f"{rule['name']} ({percent(rule['rate'])})" for rule in most)
        screen.say(f"soft rules that rows break{' most' if len(soft) > _MOST else ''}: {shown}")
    screen.say(f"written: {written}")


def _said(rules: Mapping[str, int]) -> list[str]:
    """What there is of each kind of statement, columns and rules in any case."""
    always = [count(rules["columns"], "column"), count(rules["hard"], "hard rule"), count(rules["soft"], "soft rule")]
    more = {"keys": ("key", None), "dependencies": ("functional dependency", "functional dependencies")}
    more |= {"factors": ("factor", None), "targets": ("target", None)}
    return always + [count(rules[kind], *words) for kind, words in more.items() if rules[kind]]


def next_call(rules: str, data: str, nulls: Sequence[str], delimiter: str | None) -> str:
    """A command that shows what the file's rules are worth: rows drawn under them."""
    source = "RULES" if rules == "-" else shlex.quote(rules)
    real = "REAL" if data == "-" else shlex.quote(data)
    options = [f"--null {shlex.quote(null)}" for null in nulls]
    options += [f"--delimiter {shlex.quote(delimiter)}"] if delimiter is not None else []
    return " ".join(["htdbu synthesize", source, real, "-n 1000 -o synthetic.csv", *options])
