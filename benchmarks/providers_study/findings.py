"""What the results show, in sentences that are made from the figures alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean, pstdev

from benchmarks.providers_study.collected import Collected
from benchmarks.providers_study.measuring import LABELS
from benchmarks.runs import Figures

NEAR = 0.01
"""Files whose F1, AUROC or XGB-AUC lies further than this from the reference's are named."""


def findings(found: Collected) -> list[str]:
    """The sentences of a reading; each is left out where nothing was measured that it could speak of."""
    return [
        *_validity(found),
        *_refusals(found),
        *_alarms(found),
        *(line for generator in found.rows for line in _by_reference(found, generator)),
        *(line for generator in found.rows for line in _use(found, generator)),
        *_agreement(found),
        *_by_group(found),
    ]


def _validity(found: Collected) -> Iterator[str]:
    runs = [
        (name, figures)
        for by_subject in found.rows.values()
        for name, by_seed in by_subject.items()
        for figures in by_seed.values()
        if "own" in figures
    ]
    if runs:
        worst = {name: f"{_number(figures, 'own'):,.0f}" for name, figures in runs if _number(figures, "own")}
        short = {name: f"{_number(figures, 'lost'):,.0f}" for name, figures in runs if _number(figures, "lost")}
        yield (
            f"Validity by a file's own rules: {len(runs)} runs; "
            + (f"rows that break one: {_list(worst)}" if worst else "no row of any breaks a hard rule of its file")
            + (f"; rows lost: {_list(short)}." if short else "; none is a row short.")
        )


def _refusals(found: Collected) -> Iterator[str]:
    alike: dict[tuple[str, int], list[str]] = {}
    for name, reasons in found.refusals().items():
        for reason, count in reasons.items():
            alike.setdefault((reason, count), []).append(f"*{name}*")
    for (reason, count), names in alike.items():
        runs = f"{count} run{'' if count == 1 else 's'}{'' if len(names) == 1 else ' each'}"
        yield f"Nothing but a reason in {runs}: {', '.join(names)} ({reason})."


def _alarms(found: Collected) -> Iterator[str]:
    alarms = found.of_rules("alarm")
    if alarms:
        loud = {name: _percent(value) for name, value in _falling(alarms) if value}
        quiet = len(alarms) - len(loud)
        yield (
            f"False alarms: {len(loud)} of {len(alarms)} files reject real rows that they never saw: {_list(loud)}; "
            f"the other {quiet} reject none."
            if loud
            else f"False alarms: none of {len(alarms)} files rejects a real row that it never saw."
        )


def _by_reference(found: Collected, generator: str) -> Iterator[str]:
    rates = found.of_rows(generator, "reference_rate")
    if rates:
        broken = {name: _percent(value) for name, value in _falling(rates) if value}
        kept = len(rates) - len(broken)
        yield (
            f"Validity by the reference, `{generator}`: rows of {kept} of {len(rates)} files break none of its rules"
            + (f"; those of the others do: {_list(broken)}." if broken else ".")
        )


def _use(found: Collected, generator: str) -> Iterator[str]:
    for figure, said in (("lr_f1", "F1"), ("lr_auroc", "AUROC"), ("xgb_auc", "XGB-AUC")):
        values = found.of_rows(generator, figure)
        if len(values) > 1:
            yield f"{said}, `{generator}`: {_range(values)}{_beside_reference(found, generator, figure, values)}."


def _range(values: Mapping[str, float]) -> str:
    low, high = min(values, key=lambda name: values[name]), max(values, key=lambda name: values[name])
    least, most = f"{values[low]:.3f}", f"{values[high]:.3f}"
    if least == most:
        return f"{least} with all of {len(values)} files"
    return (
        f"from {least} (*{low}*) to {most} (*{high}*) over {len(values)} files, standard deviation "
        f"{pstdev(values.values()):.3f}"
    )


def _beside_reference(found: Collected, generator: str, figure: str, values: Mapping[str, float]) -> str:
    reference = found.reading
    if reference not in values:
        return ""
    far = {name: f"{value:.3f}" for name, value in _falling(values) if abs(value - values[reference]) > NEAR}
    line = f"; more than {NEAR} from *{reference}* ({values[reference]:.3f}): {_list(far) if far else 'none'}"
    seeds = [_number(each, figure) for each in found.rows[generator][reference].values() if figure in each]
    if len(seeds) > 1:
        line += f"; over its {len(seeds)} seeds *{reference}* alone has a standard deviation of {pstdev(seeds):.3f}"
    return line


def _agreement(found: Collected) -> Iterator[str]:
    pairs = found.pairs
    if pairs:
        least = min(pairs, key=lambda pair: pairs[pair].same)
        apart = min(pairs, key=lambda pair: pairs[pair].jaccard)
        alike = sum(each.same == 1 for each in pairs.values())
        same, jaccard, kappa = (
            fmean(getattr(each, name) for each in pairs.values()) for name in ("same", "jaccard", "kappa")
        )
        yield (
            f"Agreement: two files judge {same:.1%} of the pool alike on average over {len(pairs)} pairs, and "
            f"{pairs[least].same:.1%} where they differ most (*{least[0]}* and *{least[1]}*); of the rows that either "
            f"rejects both reject {jaccard:.1%} on average, and {pairs[apart].jaccard:.1%} at the least (*{apart[0]}* "
            f"and *{apart[1]}*); mean kappa {kappa:.2f}. Pairs with the same verdict on every row: {alike}."
        )


def _by_group(found: Collected) -> Iterator[str]:
    """How far each group agrees with the reference, the nearest first."""
    for dimension in LABELS:
        means = {}
        for group, subjects in found.groups(dimension).items():
            others = [found.agreement(found.reading, name) for name in subjects if name != found.reading]
            shares = [each.jaccard for each in others if each is not None]
            if shares:
                means[group] = fmean(shares)
        if len(means) > 1:
            told = {name: f"{value:.1%}" for name, value in _falling(means)}
            yield f"By {dimension}, the mean Jaccard index of the rejected rows with the reference: {_list(told)}."


def _falling(values: Mapping[str, float]) -> Sequence[tuple[str, float]]:
    return sorted(values.items(), key=lambda pair: -pair[1])


def _list(values: Mapping[str, str]) -> str:
    return ", ".join(f"*{name}* {value}" for name, value in values.items())


def _percent(value: float) -> str:
    """A share, small ones with the digits that tell them from nothing."""
    return f"{value:.2%}" if value >= 0.0001 else f"{value:.4%}"


def _number(figures: Figures, name: str) -> float:
    return float(figures[name])
