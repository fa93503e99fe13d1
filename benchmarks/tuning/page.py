"""The results as a page: how often the right cause was named, how far the rows recovered, and every case."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.runs import markdown
from benchmarks.tuning.bases import ROWS
from benchmarks.tuning.case import DEVELOPED, DRAWS, REPORTED, Row
from benchmarks.tuning.faults import FAULTS

RIGHT, HEALTHY = 55, 20
"""So many of the 60 spoiled set-ups must be named exactly, and so many of the 20 healthy ones left alone."""


def verdict(rows: Sequence[Row]) -> tuple[list[str], bool]:
    """What must hold, in words, and whether anything does not."""
    spoiled = [row for row in rows if row["fault"] != "healthy"]
    sound = [row for row in rows if row["fault"] == "healthy"]
    right, alone = (sum(int(row["right"]) for row in part) for part in (spoiled, sound))
    touched = sum(int(row["touched"]) for row in rows)
    wrong, disturbed = len(spoiled) - right, len(sound) - alone
    whole = (len(spoiled), len(sound)) == (60, HEALTHY)
    lines = [
        f"the right cause, exactly: {right} of {len(spoiled)} (wanted: at least {RIGHT} of 60)",
        f"a rule changed though none was spoiled: {touched} (wanted: none)",
        f"a healthy set-up left alone: {alone} of {len(sound)} (wanted: {HEALTHY} of {HEALTHY})",
    ]
    if not whole:
        lines.append(f"not all cases were run yet: {len(rows)} of 80")
    return lines, wrong > 60 - RIGHT or touched > 0 or disturbed > 0 or not whole


def page(rows: Sequence[Row]) -> str:
    """The page as Markdown."""
    lines, _ = verdict(rows)
    order = list(FAULTS)
    ordered = sorted(rows, key=lambda row: (order.index(str(row["fault"])), str(row["case"])))
    return (
        "\n\n".join(
            [
                "# Does `htdbu tune` name the right cause?",
                _MADE,
                _METHOD.format(rows=ROWS, half=ROWS // 2, draws=DRAWS, developed=DEVELOPED, reported=REPORTED),
                "\n".join(f"- {line}" for line in lines),
                "## By fault",
                _by_fault(ordered),
                _READING,
                "## Every case",
                _every(ordered),
            ]
        )
        + "\n"
    )


_MADE = "Made by `make bench-tuning` from `benchmarks/results/tuning.csv`. How it works: [tuning](../tuning.md)."
_METHOD = (
    "Each case takes {rows:,} real rows of Bank Marketing, Adult or the built-in loan book ({half:,} to learn from, "
    "{half:,} to judge by), spoils a healthy set-up by seed, and tunes it. A case is right only where *exactly* what "
    "was spoiled is named in all rounds together: the rule by its name, `model`, the factor of the plan, and both "
    "where both were. What is spoiled is drawn by seed: how many rows (100 to 300) or how much depth a model is "
    "left, which column is withheld from it (of the half of the columns that tell most about another one), which "
    "bound is moved to which quantile (10 to 40 % of the rows that the rule speaks of break it), which implication is "
    "reversed, which level and which number are forbidden together, by how many points a share is off (8 to 40). A "
    "rule's fault that fewer than 5 % of the real rows notice is drawn again, since so few rows cannot show it. The "
    "algorithm was developed on rows drawn with seeds from {developed} on, and changed once more after a first run on "
    "seeds from 1001 on, where it missed one of 60 faults (a ceiling of a loan by income that hardly moves any single "
    "column). What stands here is of rows drawn with seeds from {reported} on, which were run once, {draws} draws of "
    "each table for the faults and one for each healthy run."
)
_READING = (
    "XGB-AUC and Trend are those of the final rows against the real rows that judge, which no model has learned from: "
    "before the tuning, after it, and of the healthy set-up on the same rows. A dash: the spoiled rules leave no table."
)


def _by_fault(rows: Sequence[Row]) -> str:
    head = ("fault", "cases", "right", "XGB-AUC before", "after", "healthy", "Trend before", "after", "healthy")
    lines = []
    for fault in FAULTS:
        own = [row for row in rows if row["fault"] == fault]
        if own:
            figures = [
                _mean(own, f"{name}_{when}")
                for name in ("c2st_auc", "trend_error")
                for when in ("before", "after", "healthy")
            ]
            lines.append([fault, str(len(own)), str(sum(int(row["right"]) for row in own)), *figures])
    return markdown(head, lines)


def _mean(rows: Sequence[Row], name: str) -> str:
    values = [float(row[name]) for row in rows if float(row[name]) >= 0]
    return f"{sum(values) / len(values):.3f}" if values else "-"


def _every(rows: Sequence[Row]) -> str:
    head = ("case", "table", "spoiled", "named", "right", "changes", "XGB-AUC before", "after", "healthy")
    lines = [
        [
            str(row["case"]),
            str(row["table"]),
            _cell(row["what"]),
            _cell(row["named"]),
            "yes" if row["right"] else "**no**",
            _cell(row["changes"]),
            *(_mean([row], f"c2st_auc_{when}") for when in ("before", "after", "healthy")),
        ]
        for row in rows
    ]
    return markdown(head, lines, left=6)


def _cell(value: object) -> str:
    text = "" if value != value or value is None else str(value)
    return text.replace("|", "\\|") or "-"
