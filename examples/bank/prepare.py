"""Build the weak multi-modal table: bank clients, each with the sentiment of a headline and a headline of it.

The bank's table says whether a client took a deposit (y); the sentences say what news sounds like. No row of the one
belongs to a row of the other: they are paired by a *reading* of the rule that ties y to the sentiment, which makes the
pairing weak, and the rules exactly known. See README.md for where to get the two files.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
import pandas as pd

LABELS = ("negative", "neutral", "positive")
COLUMNS = [
    *("age", "job", "marital", "education", "default", "balance", "housing", "loan"),
    *("contact", "day", "month", "duration", "campaign", "pdays", "previous", "poutcome", "y"),
]
ENCODING = "ISO-8859-1"  # of the sentences

# Reading -> answer -> which labels a headline may have.
SUPPORTS: dict[str, dict[str, tuple[str, ...]]] = {
    "manual": {"yes": ("neutral", "positive"), "no": ("negative", "neutral")},
    "strict": {"yes": ("positive",), "no": ("negative", "neutral")},
    "B": {"yes": ("neutral", "positive"), "no": ("negative", "neutral")},
    "C": {"yes": ("neutral", "positive"), "no": LABELS},
}
EQUAL_SHARES = {"B"}  # the other readings keep the proportions of the sentences


class InputError(Exception):
    """A file is missing or is not what it should be, or the result cannot be written."""


def read_bank(path: Path) -> pd.DataFrame:
    """The bank's table, every cell as it is spelled in the file.

    Raises:
        InputError: where the file cannot be read or is another one.
    """
    try:
        bank = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{path}: no table separated by ';'; is it bank-full.csv?") from error
    if [*bank.columns] != COLUMNS:
        missing = [name for name in COLUMNS if name not in bank.columns]
        wrong = f"columns missing: {', '.join(missing)}" if missing else "its columns are not those of bank-full.csv"
        raise InputError(f"{path}: {wrong}; is it bank-full.csv?")
    if not bank["y"].isin(["yes", "no"]).all():
        raise InputError(f"{path}: y must be yes or no in every row")
    return bank


def read_sentences(path: Path) -> dict[str, list[str]]:
    """The sentences of each label, in the order of the file; a line is `sentence@label`, split at the last `@`.

    Raises:
        InputError: where the file cannot be read, a line has no label, or a label has no sentence.
    """
    try:
        lines = path.read_bytes().decode(ENCODING).splitlines()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    pool: dict[str, list[str]] = {label: [] for label in LABELS}
    for number, line in enumerate(lines, start=1):
        sentence, _, label = line.rpartition("@")
        if label not in pool:
            raise InputError(f"{path}:{number}: no 'sentence@label'; is it Sentences_50Agree.txt?")
        pool[label].append(sentence.strip())
    empty = [label for label in LABELS if not pool[label]]
    if empty:
        raise InputError(f"{path}: no {' and no '.join(empty)} sentence; is it Sentences_50Agree.txt?")
    return pool


def pair(bank: pd.DataFrame, pool: Mapping[str, Sequence[str]], reading: str, seed: int) -> pd.DataFrame:
    """The bank's table with a sentiment drawn by y, and a headline drawn by the sentiment."""
    rng = np.random.default_rng(seed)
    sentiment = np.empty(len(bank), dtype=object)
    for answer, allowed in SUPPORTS[reading].items():
        rows = (bank["y"] == answer).to_numpy()
        sizes = np.array([1 if reading in EQUAL_SHARES else len(pool[label]) for label in allowed])
        sentiment[rows] = rng.choice(np.array(allowed, dtype=object), rows.sum(), p=sizes / sizes.sum())
    headline = np.empty(len(bank), dtype=object)
    for label in LABELS:
        rows = sentiment == label
        headline[rows] = rng.choice(np.array(pool[label], dtype=object), rows.sum())
    return bank.assign(sentiment=sentiment, headline=headline)


def split(table: pd.DataFrame, test_share: float, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Training and test rows, drawn by seed; each part keeps the order of the table."""
    order = np.random.default_rng([seed, 1]).permutation(len(table))
    cut = round(len(table) * test_share)
    return table.iloc[np.sort(order[cut:])], table.iloc[np.sort(order[:cut])]


def write_all(tables: Mapping[Path, pd.DataFrame]) -> None:
    """Write every table beside its place under another name, then move all into place; on failure none is left.

    Raises:
        InputError: where a file cannot be written.
    """
    with ExitStack() as leftovers:
        written: list[tuple[str, Path]] = []
        try:
            for path, table in tables.items():
                place = path.resolve()
                if place.exists() and not place.is_file():
                    # Moving a file into the place of a device would take the device away.
                    raise InputError(f"{path}: is a folder or a device, not a file to write")
                # The name of a file that is there at any time is that of a whole table.
                with NamedTemporaryFile("wb", dir=place.parent, prefix=f".{place.name}-", delete=False) as file:
                    leftovers.callback(Path(file.name).unlink, missing_ok=True)
                    file.write(table.to_csv(index=False, lineterminator="\n").encode("utf-8"))
                written.append((file.name, place))
            for name, place in written:
                Path(name).chmod(0o666 & ~_umask())
                Path(name).replace(place)
        except OSError as error:
            raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error


def _umask() -> int:
    """The process's file mode mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _share(text: str) -> float:
    """A share strictly between 0 and 1, for argparse."""
    value = float(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def _seed(text: str) -> int:
    """A seed that is not negative, for argparse."""
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is negative")
    return value


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description="Pair the bank's clients with financial headlines by sentiment.",
        epilog="example: python prepare.py --bank bank-full.csv --sentences Sentences_50Agree.txt "
        "--reading manual --seed 42 -o bank.csv --test bank_test.csv",
    )
    parser.add_argument("--bank", type=Path, required=True, help="bank-full.csv of UCI's Bank Marketing")
    parser.add_argument("--sentences", type=Path, required=True, help="Sentences_50Agree.txt of FinancialPhraseBank")
    parser.add_argument("--reading", choices=SUPPORTS, default="manual", help="how y ties to sentiment (see README.md)")
    parser.add_argument("--seed", type=_seed, default=42, help="of the pairing and of the split (42)")
    parser.add_argument("-o", "--output", type=Path, required=True, help="where the table goes (CSV)")
    parser.add_argument("--test", type=Path, help="where the test rows go; then --output holds the others")
    parser.add_argument("--test-share", type=_share, default=0.3, help="share of the test rows (0.3)")
    given = parser.parse_args(argv)
    if given.test is not None and given.test.resolve() == given.output.resolve():
        parser.error("--test and --output name the same file")
    return given


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 when the table stands, 2 when a file is missing, wrong or cannot be written."""
    given = arguments(argv)
    try:
        table = pair(read_bank(given.bank), read_sentences(given.sentences), given.reading, given.seed)
        if given.test is None:
            tables = {given.output: table}
        else:
            train, test = split(table, given.test_share, given.seed)
            tables = {given.output: train, given.test: test}
        write_all(tables)
    except InputError as error:
        print(f"prepare.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("prepare.py: interrupted; nothing was written", file=sys.stderr)
        return 130
    for path, part in tables.items():
        print(f"{path}: {len(part):,} rows, {(part['y'] == 'yes').mean():.2%} yes, reading {given.reading}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
