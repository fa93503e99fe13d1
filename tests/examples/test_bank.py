"""The bank example on the real files: its rules are true of them, and prepare.py makes what it says."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

import htdbu

FOLDER = Path(__file__).parent.parent.parent / "examples" / "bank"
READINGS = {
    "manual": {"yes": {"neutral", "positive"}, "no": {"negative", "neutral"}},
    "strict": {"yes": {"positive"}, "no": {"negative", "neutral"}},
    "B": {"yes": {"neutral", "positive"}, "no": {"negative", "neutral"}},
    "C": {"yes": {"neutral", "positive"}, "no": {"negative", "neutral", "positive"}},
}
DAYS = dict.fromkeys(["jan", "mar", "may", "jul", "aug", "oct", "dec"], 31)
DAYS |= {"feb": 29, "apr": 30, "jun": 30, "sep": 30, "nov": 30}


@pytest.fixture(scope="session")
def prepare() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bank_prepare", FOLDER / "prepare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def bank_file(data_dir: Path) -> Path:
    return data_dir / "bank_marketing" / "bank-full.csv"


@pytest.fixture(scope="session")
def sentences_file(data_dir: Path) -> Path:
    return data_dir / "financial_phrasebank" / "Sentences_50Agree.txt"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(FOLDER / "prepare.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def call(prepare: ModuleType, *arguments: object) -> int:
    """The exit code of prepare.py, run in this process."""
    try:
        return int(prepare.main([str(argument) for argument in arguments]))
    except SystemExit as stop:
        return int(stop.code or 0)


def as_read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def write_bank(path: Path, answers: list[str]) -> Path:
    """A made-up table with the bank's header; one row for each answer."""
    header = "age;job;marital;education;default;balance;housing;loan;contact;day;month;duration;campaign;pdays;previous"
    row = '30;"student";"single";"primary";"no";5;"no";"no";"cellular";3;"may";9;1;-1;0;"unknown"'
    lines = [f"{header};poutcome;y", *(f'{row};"{answer}"' for answer in answers)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def write_sentences(path: Path) -> Path:
    lines = [
        "Profit rose @ 5 % , it said .@positive",
        "Caf\xe9 closes .@negative",
        "It is so .@neutral",
        "Or not .@neutral",
    ]
    path.write_bytes("\r\n".join(lines).encode("latin-1") + b"\r\n")
    return path


def test_the_business_rules_are_true_of_every_real_row(bank_file: Path) -> None:
    bank = pd.read_csv(bank_file, sep=";")
    assert 45_211 == len(bank)
    assert ((bank.pdays == -1) == (bank.previous == 0)).all()
    assert (bank.poutcome[bank.previous == 0] == "unknown").all()
    assert (bank.y[bank.duration <= 5] == "no").all()
    assert (bank.day <= bank.month.map(DAYS)).all()
    assert bank.age[bank.job == "student"].max() < 50


@pytest.mark.parametrize("reading", ["manual", "strict"])
def test_the_rule_files_accept_every_real_row(
    reading: str, prepare: ModuleType, bank_file: Path, sentences_file: Path
) -> None:
    table = prepare.pair(prepare.read_bank(bank_file), prepare.read_sentences(sentences_file), reading, 42)
    program = htdbu.compile(FOLDER / f"{reading}.htr")
    report = program.check(table, real=table)
    assert 0 == report.hard_violations
    assert {column.header for column in program.columns} == set(table.columns)


@pytest.mark.parametrize("reading", ["manual", "strict"])
def test_the_rule_files_have_no_findings(reading: str) -> None:
    from htdbu.compiler.compile import compile_file

    assert [] == [finding.code for finding in compile_file(FOLDER / f"{reading}.htr").diagnostics]


def test_the_two_rule_files_differ_in_the_factor_alone() -> None:
    texts = [(FOLDER / f"{reading}.htr").read_text("utf-8") for reading in ("manual", "strict")]
    rules = [[line for line in text.splitlines() if not line.startswith("##")] for text in texts]
    differ = [(one, other) for one, other in zip(*rules, strict=True) if one != other]
    assert [('  true  -> sentiment in { "neutral", "positive" }', '  true  -> sentiment in { "positive" }')] == differ


def test_the_strict_rules_refuse_what_the_manual_rules_allow(
    prepare: ModuleType, bank_file: Path, sentences_file: Path
) -> None:
    table = prepare.pair(prepare.read_bank(bank_file), prepare.read_sentences(sentences_file), "manual", 42)
    neutral_yes = int(((table.y == "yes") & (table.sentiment == "neutral")).sum())
    assert neutral_yes > 3_000
    assert neutral_yes == htdbu.compile(FOLDER / "strict.htr").check(table).hard_violations


@pytest.mark.slow
def test_one_model_serves_both_rule_files_and_more(
    prepare: ModuleType, bank_file: Path, sentences_file: Path, tmp_path: Path
) -> None:
    table = prepare.pair(prepare.read_bank(bank_file), prepare.read_sentences(sentences_file), "strict", 42)
    texts = [(FOLDER / f"{reading}.htr").read_text("utf-8") for reading in ("manual", "strict")]
    programs = [htdbu.compile_text(text) for text in (*texts, texts[0] + 'hard r: job == "retired" => age >= 50\n')]
    fitted = htdbu.generators.fit(table, programs[0], generator="trees", random_state=1)
    fitted.save(tmp_path / "bank.model")
    model = htdbu.generators.load(tmp_path / "bank.model")
    for program in programs:
        result = htdbu.synthesize(program, model, 3_000, random_state=1)
        assert 0 == program.check(result.data, table).hard_violations
        assert 0 == result.report.trained
        assert program.check(table).hard_violations == result.report.real_violations["violating_rows"]
    assert fitted.generator.trained > 18


@pytest.mark.parametrize("reading", READINGS)
def test_prepare_pairs_by_the_reading(reading: str, bank_file: Path, sentences_file: Path, tmp_path: Path) -> None:
    output = tmp_path / "bank.csv"
    inputs = ["--bank", bank_file, "--sentences", sentences_file]
    done = run(*inputs, "--reading", reading, "--seed", 7, "-o", output)
    assert (0, "") == (done.returncode, done.stderr)
    table = as_read(output)
    original = pd.read_csv(bank_file, sep=";", dtype=str, keep_default_na=False)
    pd.testing.assert_frame_equal(original, table[[*original.columns]])
    assert READINGS[reading] == table.groupby("y").sentiment.agg(set).to_dict()
    pool = {tuple(line.rsplit("@", 1)) for line in sentences_file.read_text("latin-1").splitlines()}
    assert set(zip(table.headline, table.sentiment, strict=True)) <= {(text.strip(), label) for text, label in pool}
    assert [output] == [*tmp_path.iterdir()]


def test_the_sentiments_keep_the_proportions_of_the_pool(
    prepare: ModuleType, bank_file: Path, sentences_file: Path
) -> None:
    bank, pool = prepare.read_bank(bank_file), prepare.read_sentences(sentences_file)
    assert {"negative": 604, "neutral": 2879, "positive": 1363} == {label: len(pool[label]) for label in pool}
    shares = prepare.pair(bank, pool, "manual", 1).groupby("y").sentiment.value_counts(normalize=True)
    assert 2879 / (2879 + 1363) == pytest.approx(shares["yes", "neutral"], abs=0.02)
    assert 604 / (604 + 2879) == pytest.approx(shares["no", "negative"], abs=0.01)
    equal = prepare.pair(bank, pool, "B", 1).groupby("y").sentiment.value_counts(normalize=True)
    assert 0.5 == pytest.approx(equal["yes", "neutral"], abs=0.02)
    assert 0.5 == pytest.approx(equal["no", "negative"], abs=0.01)


def test_the_same_seed_gives_the_same_bytes_and_a_split_loses_no_row(tmp_path: Path) -> None:
    bank = write_bank(tmp_path / "bank-full.csv", ["yes", "no", "no", "no", "yes"] * 20)
    inputs = ["--bank", bank, "--sentences", write_sentences(tmp_path / "sentences.txt"), "--seed", 3]
    for name in ("one", "two"):
        done = run(*inputs, "-o", tmp_path / f"{name}.csv")
        assert (0, "") == (done.returncode, done.stderr)
        assert "100 rows, 40.00% yes, reading manual" in done.stdout
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    done = run(*inputs, "-o", tmp_path / "train.csv", "--test", tmp_path / "test.csv", "--test-share", 0.25)
    assert 0 == done.returncode
    train, test = as_read(tmp_path / "train.csv"), as_read(tmp_path / "test.csv")
    assert (75, 25) == (len(train), len(test))
    both = pd.concat([train, test]).sort_values([*train.columns], ignore_index=True)
    pd.testing.assert_frame_equal(as_read(tmp_path / "one.csv").sort_values([*train.columns], ignore_index=True), both)


def test_a_sentence_is_split_at_the_last_at_and_read_as_latin_1(prepare: ModuleType, tmp_path: Path) -> None:
    pool = prepare.read_sentences(write_sentences(tmp_path / "sentences.txt"))
    assert ["Profit rose @ 5 % , it said ."] == pool["positive"]
    assert ["Caf\xe9 closes ."] == pool["negative"]


def test_an_empty_table_stays_empty(prepare: ModuleType, tmp_path: Path) -> None:
    bank, sentences = write_bank(tmp_path / "b.csv", []), write_sentences(tmp_path / "s.txt")
    assert 0 == call(prepare, "--bank", bank, "--sentences", sentences, "-o", tmp_path / "out.csv")
    assert 0 == len(as_read(tmp_path / "out.csv"))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("bank", None, "No such file"),
        ("bank", b"", "is it bank-full.csv?"),
        ("bank", b"a;b\n1;2\n", "columns missing: age, job"),
        ("bank", bytes(range(256)) * 20, "is it bank-full.csv?"),
        ("sentences", None, "No such file"),
        ("sentences", b"", "no negative and no neutral and no positive sentence"),
        ("sentences", b"good news@positive\nno label here\n", "sentences:2: no 'sentence@label'"),
    ],
)
def test_a_wrong_file_gives_one_clear_line(
    name: str,
    content: bytes | None,
    message: str,
    prepare: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_bank(tmp_path / "bank", ["yes", "no"])
    write_sentences(tmp_path / "sentences")
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    output = tmp_path / "out.csv"
    assert 2 == call(prepare, "--bank", tmp_path / "bank", "--sentences", tmp_path / "sentences", "-o", output)
    printed = capsys.readouterr()
    assert ("", 1) == (printed.out, printed.err.count("\n"))
    assert message in printed.err
    assert not output.exists()


def test_y_other_than_yes_and_no_is_refused(
    prepare: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bank, sentences = write_bank(tmp_path / "b.csv", ["yes", "maybe"]), write_sentences(tmp_path / "s.txt")
    assert 2 == call(prepare, "--bank", bank, "--sentences", sentences, "-o", tmp_path / "out.csv")
    assert "y must be yes or no" in capsys.readouterr().err


@pytest.mark.parametrize("output", ["missing/out.csv", "folder"])
def test_an_output_that_cannot_be_written_leaves_nothing_behind(
    output: str, prepare: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bank, sentences = write_bank(tmp_path / "b.csv", ["yes", "no"]), write_sentences(tmp_path / "s.txt")
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.rglob("*"))
    test = tmp_path / "test.csv"
    code = call(prepare, "--bank", bank, "--sentences", sentences, "-o", test, "--test", tmp_path / output)
    assert (2, 1) == (code, capsys.readouterr().err.count("\n"))
    assert before == sorted(tmp_path.rglob("*"))


def test_a_device_is_never_replaced(prepare: ModuleType, tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes here, and a pipe stands for all that is not a plain file")
    os.mkfifo(tmp_path / "pipe")
    bank, sentences = write_bank(tmp_path / "b.csv", ["yes", "no"]), write_sentences(tmp_path / "s.txt")
    assert 2 == call(prepare, "--bank", bank, "--sentences", sentences, "-o", tmp_path / "pipe")
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("option", [["--seed", "-1"], ["--test-share", "1"], ["--reading", "D"], ["--seed", "x"]])
def test_a_wrong_option_is_refused(option: list[str], prepare: ModuleType, tmp_path: Path) -> None:
    bank, sentences = write_bank(tmp_path / "b.csv", ["yes", "no"]), write_sentences(tmp_path / "s.txt")
    assert 2 == call(prepare, "--bank", bank, "--sentences", sentences, "-o", tmp_path / "o.csv", *option)
    assert not (tmp_path / "o.csv").exists()
