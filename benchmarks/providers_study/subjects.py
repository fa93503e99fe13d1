"""Who takes part: rule files, each with the provider, the prompt and the granularity that it came from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import cast, get_args

import htdbu
from benchmarks.bank_main import EXAMPLE
from benchmarks.paper_experiment.readings import tables
from benchmarks.providers_study.perturbations import PERTURBATIONS, Edit
from benchmarks.texture.declare import table_alone
from benchmarks.texture.part import Settings
from htdbu.errors import DataError, UsageError
from htdbu.providers.base import GRANULARITIES, Granularity
from htdbu.providers.registry import OFFERS

TARGET, TABLE = "y", "bank"
REPLAYED = "the replayed transcript"


@dataclass(frozen=True)
class Subject(ABC):
    """A rule file for the bank's table.

    Attributes:
        name: what it is called in tables and results.
        provider: who wrote it.
        prompt: how it was asked for, or what was done to it.
        granularity: how much of the data its provider saw; empty where that is not known.
        says: what it is, in words.
    """

    name: str
    provider: str
    prompt: str
    granularity: str
    says: str

    @abstractmethod
    def text(self, settings: Settings, reading: str, seed: int) -> str:
        """The rules for the training rows of a reading and a seed.

        Raises:
            HtdbuError: there are none.
        """

    @property
    def origin(self) -> str:
        """The place that findings in the rules name, and that their imports start from."""
        return f"{self.name}.htr"

    @property
    def is_cheap(self) -> bool:
        """Whether the text is there without anything being drafted."""
        return True


@dataclass(frozen=True)
class Fixed(Subject):
    """A rule file that is there, perhaps edited: the same whatever the rows are."""

    path: Path
    edit: Edit = str

    @property
    def origin(self) -> str:
        """The file."""
        return str(self.path)

    def text(self, settings: Settings, reading: str, seed: int) -> str:
        """The file as it is now."""
        try:
            return self.edit(self.path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(
                f"the rules {self.name}: {self.path} cannot be read ({error})", "name another file"
            ) from None


@dataclass(frozen=True)
class Drafted(Subject):
    """Rules that a provider of htdbu drafts.

    Attributes:
        transcript: of a talk with a language model, to be replayed; None where the provider mines.
        asked_of: the reading and the seed whose training rows the provider is shown; None for those of each run.
    """

    transcript: Path | None = None
    asked_of: tuple[str, int] | None = None

    @property
    def is_cheap(self) -> bool:
        """Drafting takes a while."""
        return False

    def text(self, settings: Settings, reading: str, seed: int) -> str:
        """The draft, made once for all runs of one process."""
        return _drafted(self, settings, *(self.asked_of or (reading, seed)))


@lru_cache(maxsize=256)
def _drafted(subject: Drafted, settings: Settings, reading: str, seed: int) -> str:
    train, _ = tables(settings, reading, seed)
    known = subject.granularity in GRANULARITIES
    return htdbu.draft(
        train,
        "mined" if subject.transcript is None else "llm",
        table=TABLE,
        target=TARGET,
        granularity=cast(Granularity, subject.granularity) if known else "standard",
        settings={} if subject.transcript is None else {"replay": subject.transcript},
    ).text


def shipped() -> list[Subject]:
    """The paper's rule sets, the strict ones spoiled in many ways, no rules at all, and the mined ones."""
    strict = EXAMPLE / "strict.htr"
    found: list[Subject] = [
        Fixed("strict", "LLM", "as published", "", "the paper's strict rules, which Gemini wrote", strict),
        Fixed("manual", "person", "as published", "", "the paper's manual rules", EXAMPLE / "manual.htr"),
        Fixed("table alone", "nobody", "no rules", "", "types and domains of strict, and no rule", strict, table_alone),
    ]
    found += [
        Fixed(each.name, "strict, spoiled", each.kind, "", each.says, strict, each.edit) for each in PERTURBATIONS
    ]
    if "mined" in OFFERS.names():
        found += [
            Drafted(f"mined {each}", "mined", "target y", each, f"mined from the training rows, {each}")
            for each in get_args(Granularity)
        ]
    return found


def given(rules: Iterable[str], transcripts: Iterable[str], asked_of: tuple[str, int]) -> list[Subject]:
    """The subjects that a person names, each as NAME=FILE or NAME:PROVIDER:PROMPT:GRANULARITY=FILE.

    Args:
        asked_of: the reading and the seed whose training rows the transcripts are replayed on.

    Raises:
        UsageError: something is named otherwise, or its file is not there.
    """
    found: list[Subject] = []
    for text in rules:
        name, labels, path = _parsed(text)
        found.append(Fixed(name, *_labels(labels, "given"), f"the file {path.name}", path))
    for text in transcripts:
        name, labels, path = _parsed(text)
        says = f"{REPLAYED} {path.name}"
        found.append(Drafted(name, *_labels(labels, "llm"), says, path.resolve(), asked_of))
    return found


def unique(subjects: Iterable[Subject]) -> Mapping[str, Subject]:
    """The subjects by name.

    Raises:
        UsageError: two have the same one.
    """
    found: dict[str, Subject] = {}
    for subject in subjects:
        if subject.name in found:
            raise UsageError(f"two subjects are called {subject.name!r}", "give one of them another name")
        found[subject.name] = subject
    return found


def digest(text: str) -> str:
    """A short name of a text, by which a change of it is noticed."""
    return f"sha256:{sha256(text.encode('utf-8')).hexdigest()[:16]}"


def _parsed(text: str) -> tuple[str, list[str], Path]:
    label, sign, path = text.partition("=")
    name, *labels = (part.strip() for part in label.split(":"))
    if not (sign and name and path) or len(labels) > 3 or "|" in label:
        raise UsageError(f"{text!r} names no subject", "write NAME=FILE or NAME:PROVIDER:PROMPT:GRANULARITY=FILE")
    if not Path(path).is_file():
        raise UsageError(f"{name}: there is no file {path}", "name a file that is there")
    return name, labels, Path(path)


def _labels(labels: list[str], provider: str) -> tuple[str, str, str]:
    first, prompt, granularity = [*labels, "", "", ""][:3]
    return first or provider, prompt, granularity
